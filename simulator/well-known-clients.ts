import type { Application } from './entra-records.ts';

const firstParty = {
  tenantId: undefined,
  allowsPublicClient: true,
  secrets: [],
  certificates: [],
  federated: [],
  managedIdentity: false,
  refusals: undefined,
} as const;

const impersonation = ['user_impersonation'] as const;

/** Azure PowerShell: the client that `Connect-AzAccount` signs in with, and the task's default. */
export const AZURE_POWERSHELL = '1950a258-227b-4e31-a9cf-717495945fc2';
export const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
export const VISUAL_STUDIO = '872cd9fa-d31f-45e0-9eab-6e460a02d1f1';

/** Microsoft's own public clients, known in every tenant. */
export const wellKnownClients: readonly Application[] = [
  {
    ...firstParty,
    clientId: AZURE_POWERSHELL,
    objectId: '9f7a9c5e-0000-4000-8000-000000000001',
    displayName: 'Microsoft Azure PowerShell',
    delegated: { azureDevOps: impersonation, keyVault: impersonation, azureManagement: impersonation },
  },
  {
    ...firstParty,
    clientId: AZURE_CLI,
    objectId: '9f7a9c5e-0000-4000-8000-000000000002',
    displayName: 'Microsoft Azure CLI',
    delegated: { azureDevOps: impersonation, keyVault: impersonation, azureManagement: impersonation },
  },
  {
    ...firstParty,
    clientId: VISUAL_STUDIO,
    objectId: '9f7a9c5e-0000-4000-8000-000000000003',
    displayName: 'Visual Studio',
    // Whether Key Vault preauthorises Visual Studio is doubtful; a company that needs both registers its own client.
    delegated: { azureDevOps: impersonation, azureManagement: impersonation },
  },
];
