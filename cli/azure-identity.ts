import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ConnectionProof, ServiceConnection } from '../src/services/service-connection.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Who opens the vault in place of the account: what pipelines call a service connection. The variables are those of
 * Microsoft's own tools.
 * @returns a sentence that says what is missing, if something is
 */
export function azureIdentity(kind: string, environment: Environment): ServiceConnection | string {
  const read = (name: string) => environment[name] || undefined;
  const common = { id: kind, name: kind, subscription: undefined, authorityHost: undefined, vaultSuffix: undefined };
  if (kind === 'managed-identity') {
    const clientId = read('AZURE_CLIENT_ID') ?? '';
    return { ...common, tenantId: '', clientId, proof: { kind: 'managed identity' } };
  }
  if (kind !== 'environment') {
    return `${JSON.stringify(kind.slice(0, 100))} is neither environment nor managed-identity.`;
  }
  const tenantId = read('AZURE_TENANT_ID');
  const clientId = read('AZURE_CLIENT_ID');
  if (tenantId === undefined || clientId === undefined) {
    return 'environment needs the variables AZURE_TENANT_ID and AZURE_CLIENT_ID.';
  }
  const proof = readProof(read);
  return typeof proof === 'string' ? proof : { ...common, tenantId, clientId, proof };
}

function readProof(read: (name: string) => string | undefined): ConnectionProof | string {
  const secret = read('AZURE_CLIENT_SECRET');
  if (secret !== undefined) return { kind: 'secret', secret };
  const certificate = read('AZURE_CLIENT_CERTIFICATE_PATH');
  if (certificate !== undefined) {
    try {
      return { kind: 'certificate', pem: readFileSync(certificate, 'utf8') };
    } catch {
      return 'the file that AZURE_CLIENT_CERTIFICATE_PATH names cannot be read.';
    }
  }
  const tokenFile = read('AZURE_FEDERATED_TOKEN_FILE');
  // Read anew each time: whoever wrote the file keeps it fresh.
  if (tokenFile !== undefined) {
    return { kind: 'assertion', getAssertion: async () => (await readFile(tokenFile, 'utf8')).trim() };
  }
  return 'environment needs AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE.';
}
