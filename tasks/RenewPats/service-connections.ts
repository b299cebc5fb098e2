import type { ConnectionProof, ServiceConnection } from '../../src/services/service-connection.ts';
import type { TakenSecrets } from './secrets.ts';

/** Reads an Azure Resource Manager service connection as the agent hands it over, or says what is wrong with it. */
export function readServiceConnection(
  id: string,
  secrets: TakenSecrets,
  environment: NodeJS.ProcessEnv,
): ServiceConnection | string {
  const authorization = readAuthorization(id, secrets);
  if (authorization === undefined) {
    return (
      `the service connection ${JSON.stringify(id)} is not available to this pipeline. Give its name as it stands in the ` +
      'project settings, as plain text (no runtime variable), and let the pipeline use it.'
    );
  }
  const { scheme, parameter } = authorization;
  const data = (name: string) => readData(id, name, environment);
  const proof = readProof(scheme, parameter, secrets, environment);
  if (typeof proof === 'string') return `the service connection ${JSON.stringify(id)} ${proof}`;
  return {
    id,
    name: id,
    tenantId: parameter('tenantid') ?? '',
    clientId: parameter('serviceprincipalid') ?? '',
    subscription: data('subscriptionName'),
    authorityHost: originOf(data('environmentAuthorityUrl') ?? data('activeDirectoryAuthority')),
    vaultSuffix: data('AzureKeyVaultDnsSuffix')?.replace(/^\./, ''),
    proof,
  };
}

interface Authorization {
  readonly scheme: string;
  /** Names ignore case. */
  readonly parameter: (name: string) => string | undefined;
}

function readAuthorization(id: string, secrets: TakenSecrets): Authorization | undefined {
  const key = id.toUpperCase();
  const json = secrets.get(`ENDPOINT_AUTH_${key}`);
  const scheme = secrets.get(`ENDPOINT_AUTH_SCHEME_${key}`);
  if (json === undefined && scheme === undefined) return undefined;
  const parsed = parse(json);
  const inJson = new Map(Object.entries(parsed.parameters ?? {}).map(([name, value]) => [name.toUpperCase(), value]));
  return {
    scheme: scheme ?? parsed.scheme ?? '',
    parameter: (name) => {
      const value =
        secrets.get(`ENDPOINT_AUTH_PARAMETER_${key}_${name.toUpperCase()}`) ?? inJson.get(name.toUpperCase());
      return value === undefined || value === '' ? undefined : value;
    },
  };
}

function parse(json: string | undefined): { scheme?: string; parameters?: Record<string, string> } {
  try {
    return JSON.parse(json ?? '{}') as { scheme?: string; parameters?: Record<string, string> };
  } catch {
    return {};
  }
}

function readProof(
  scheme: string,
  parameter: Authorization['parameter'],
  secrets: TakenSecrets,
  environment: NodeJS.ProcessEnv,
): ConnectionProof | string {
  switch (scheme.toLowerCase()) {
    case 'workloadidentityfederation': {
      const oidcRequestUri = environment.SYSTEM_OIDCREQUESTURI;
      const jobToken = readAuthorization('SystemVssConnection', secrets)?.parameter('AccessToken');
      if (oidcRequestUri === undefined || jobToken === undefined) {
        return 'uses workload identity federation, and this job offers no token for it (System.OidcRequestUri).';
      }
      const problem = oidcProblem(oidcRequestUri);
      return problem ?? { kind: 'federation', oidcRequestUri, jobToken };
    }
    case 'serviceprincipal': {
      if (parameter('authenticationType')?.toLowerCase() === 'spncertificate') {
        const pem = parameter('servicePrincipalCertificate');
        return pem === undefined ? 'has no certificate.' : { kind: 'certificate', pem };
      }
      const secret = parameter('serviceprincipalkey');
      return secret === undefined ? 'has no secret.' : { kind: 'secret', secret };
    }
    case 'managedserviceidentity':
      return { kind: 'managed identity' };
    default:
      return `has the scheme ${JSON.stringify(scheme)}, which this task does not know. Use an Azure Resource Manager connection.`;
  }
}

/** The job's token can do what the pipeline can: a variable of the pipeline must not be able to send it anywhere. */
function oidcProblem(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' && isAzureDevOps(url.host)) return undefined;
  return (
    `uses workload identity federation, and System.OidcRequestUri names ${JSON.stringify((url?.host ?? address).slice(0, 100))}, ` +
    'which is no host of Azure DevOps: the job’s token is not sent there. Remove the variable of ' +
    'that name from the pipeline.'
  );
}

/** An organization's own host is always one of these; not even the collection's address is asked, which is a variable as well. */
function isAzureDevOps(host: string): boolean {
  return /^(?:[a-z0-9-]+\.)*(?:dev\.azure\.com|visualstudio\.com)$/.test(host);
}

function readData(id: string, name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const wanted = `ENDPOINT_DATA_${id}_${name}`.toUpperCase();
  const found = Object.entries(environment).find(([key]) => key.toUpperCase() === wanted)?.[1];
  return found === undefined || found === '' ? undefined : found;
}

function originOf(url: string | undefined): string | undefined {
  try {
    // A secret goes there: never without TLS.
    return url === undefined || !/^https:/i.test(url) ? undefined : new URL(url).origin;
  } catch {
    return undefined;
  }
}
