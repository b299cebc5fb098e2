import { isRecord, parseJson } from './azure-devops.ts';
import { signInAsClient, type UserSession } from './entra.ts';
import { retryAfter } from './http.ts';
import { signInAsMachine } from './managed-identity.ts';
import { retrying } from './retry.ts';
import { ServiceError } from './service-error.ts';
import type { EntraOptions } from './token-endpoint.ts';

/** An Azure Resource Manager service connection of the pipeline, as far as opening a vault needs it. */
export interface ServiceConnection {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly authorityHost: string | undefined;
  /** Such as `vault.azure.net`, when the connection’s cloud says so. */
  readonly vaultSuffix: string | undefined;
  readonly proof: ConnectionProof;
}

export type ConnectionProof =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly pem: string }
  /** Workload identity federation: the pipeline service vouches for the connection. */
  | { readonly kind: 'federation'; readonly oidcRequestUri: string; readonly jobToken: string }
  /** A token that something else on the machine keeps fresh (workload identity outside of pipelines). */
  | { readonly kind: 'assertion'; readonly getAssertion: () => Promise<string> }
  | { readonly kind: 'managed identity' };

/** Tokens of the connection’s own identity. */
export function openServiceConnection(
  options: EntraOptions,
  connection: ServiceConnection,
  defaultAuthorityHost: string,
): UserSession {
  const { proof } = connection;
  if (proof.kind === 'secret') options.registerSecret(proof.secret);
  if (proof.kind === 'certificate') options.registerSecret(privateKeyOf(proof.pem));
  if (proof.kind === 'managed identity') {
    return signInAsMachine(options, { clientId: connection.clientId, who: `service connection "${connection.name}"` });
  }
  const client = {
    authorityHost: connection.authorityHost ?? defaultAuthorityHost,
    tenantId: connection.tenantId,
    clientId: connection.clientId,
    who: `service connection "${connection.name}"`,
  };
  if (proof.kind === 'federation') {
    options.registerSecret(proof.jobToken);
    const getAssertion = () => requestOidcToken(options, connection, proof);
    return signInAsClient(options, client, { kind: 'assertion', getAssertion });
  }
  return signInAsClient(options, client, proof);
}

/** The certificate itself is public, and the lines around the key are the same in every one. */
function privateKeyOf(pem: string): string {
  const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]+?)-----END/.exec(pem)?.[1];
  return key?.trim() ?? '';
}

/** Source: what Azure’s own pipeline credential does (api-version 7.1, the job’s token, redirects suppressed). */
async function requestOidcToken(
  options: EntraOptions,
  connection: ServiceConnection,
  proof: ConnectionProof & { kind: 'federation' },
): Promise<string> {
  return retrying(options.pauses, { repeat: 'always' }, async () => {
    const answer = await options.send({
      method: 'POST',
      url: `${proof.oidcRequestUri}?api-version=7.1&serviceConnectionId=${encodeURIComponent(connection.id)}`,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        Authorization: `Bearer ${proof.jobToken}`,
        'X-TFS-FedAuthRedirect': 'Suppress',
      },
      body: '',
    });
    const json = parseJson(answer.body);
    const token = isRecord(json) ? json.oidcToken : undefined;
    if (answer.status === 200 && typeof token === 'string' && token !== '') {
      options.registerSecret(token);
      return token;
    }
    throw new ServiceError(
      `The pipeline service gave no token for service connection "${connection.name}" (HTTP ${answer.status}). ` +
        'Check that the connection uses workload identity federation and that this pipeline may use it.',
      {
        outcome: 'refused',
        code: `OidcToken${answer.status}`,
        status: answer.status,
        retryAfter: retryAfter(answer.headers),
        transient: answer.status === 429 || answer.status >= 500,
      },
    );
  });
}
