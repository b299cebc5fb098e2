import type { TaskDefinition } from './task-definition.ts';

/** A service connection as a step sees it. */
export interface ServiceConnection {
  /** A GUID. */
  readonly id: string;
  readonly url: string;
  /** `ServicePrincipal`, `WorkloadIdentityFederation`, `ManagedServiceIdentity`, … */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** Authorization parameters that the agent knows not to be secret. Everything else it masks. */
const openParameters = new Set([
  'acceptuntrustedcerts',
  'accesstokenfetchingmethod',
  'accesstokentype',
  'audience',
  'authenticationtype',
  'authorizationtype',
  'completecallbackpayload',
  'expiresat',
  'issuedat',
  'oauthaccesstokenissuppliedbyuser',
  'role',
  'scope',
  'tenantid',
  'unsecured',
  'usewindowssecurity',
]);

export function secretsOf({ parameters }: Pick<ServiceConnection, 'parameters'>): string[] {
  return Object.entries(parameters)
    .filter(([name]) => !openParameters.has(name.toLowerCase()))
    .map(([, value]) => value);
}

/**
 * Finds the connections that the inputs name, and replaces each name by its id, which is what a task gets.
 * @throws Error if there is no such connection: the server does not start such a run.
 */
export function useConnections(
  definition: TaskDefinition,
  inputs: Map<string, string>,
  connections: Readonly<Record<string, ServiceConnection>>,
): ServiceConnection[] {
  const used: ServiceConnection[] = [];
  for (const { name, type } of definition.inputs ?? []) {
    const value = inputs.get(name) ?? '';
    if (!type.toLowerCase().startsWith('connectedservice:') || value === '') continue;
    const connection = connections[value] ?? Object.values(connections).find(({ id }) => id === value);
    if (connection === undefined) {
      throw new Error(`Step input ${name} references service connection ${value} which could not be found.`);
    }
    inputs.set(name, connection.id);
    used.push(connection);
  }
  return used;
}
