import type { ServiceConnection } from '../../simulator/agent/run-task.ts';
import type { ApplicationSpec, World } from '../../simulator/index.ts';
import { makeClientKey } from '../simulator/client-key.ts';
import { type Job, tenantId } from './situation.ts';

/** One kind of Azure service connection: what the company has set up for it, and what a job that uses it gets. */
export interface AzureConnection {
  readonly title: string;
  readonly clientId: string;
  readonly company: {
    readonly applications: readonly ApplicationSpec[];
    readonly serviceConnections?: readonly { readonly id: string; readonly name: string }[];
  };
  readonly job: (world: World) => Job;
}

/** The connection's name, for the input azureSubscription. */
export const connectionName = 'renew-pats-vault';

const id = 'a2d0e5ce-6a4d-4a92-9b3c-0f5a4a3b9c11';
const clientId = '0d7c9b0e-2f6a-4a55-8f0f-6a1f3f1c2b10';
const url = 'https://management.azure.com/';
const clientSecret = 'cl1ent~secret/with+signs & blanks';

const jobWith = (scheme: string, parameters: ServiceConnection['parameters']): Job => ({
  endpoints: {
    [connectionName]: {
      id,
      url,
      scheme,
      parameters: { serviceprincipalid: clientId, tenantid: tenantId, ...parameters },
    },
  },
});

export const withSecret: AzureConnection = {
  title: 'a service principal with a secret',
  clientId,
  company: { applications: [{ clientId, secret: clientSecret }] },
  job: () => jobWith('ServicePrincipal', { authenticationType: 'spnKey', serviceprincipalkey: clientSecret }),
};

/** Every kind but managed identity, whose tokens come from the machine itself and never through the proxy. */
export async function azureConnections(): Promise<readonly AzureConnection[]> {
  const { certificate, privateKey } = await makeClientKey();
  return [
    withSecret,
    {
      title: 'a service principal with a certificate',
      clientId,
      company: { applications: [{ clientId, certificate }] },
      job: () =>
        jobWith('ServicePrincipal', {
          authenticationType: 'spnCertificate',
          servicePrincipalCertificate: `${certificate}\n${privateKey}`,
        }),
    },
    {
      title: 'workload identity federation',
      clientId,
      company: {
        serviceConnections: [{ id, name: connectionName }],
        applications: [{ clientId, serviceConnection: id }],
      },
      job: (world) => ({
        ...jobWith('WorkloadIdentityFederation', {}),
        accessToken: world.pipelines.newJobToken('contoso'),
      }),
    },
  ];
}
