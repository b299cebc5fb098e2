import { isRecord, messageOf, parseJson } from './azure-devops.ts';
import { type AccessToken, signInAsClient, type UserSession } from './entra.ts';
import { retryAfter } from './http.ts';
import { signInAsMachine } from './managed-identity.ts';
import { isPage, pageError } from './page-answer.ts';
import { retrying } from './retry.ts';
import { ServiceError } from './service-error.ts';
import type { EntraOptions } from './token-endpoint.ts';

/** An Azure Resource Manager service connection of the pipeline, as far as opening a vault needs it. */
export interface ServiceConnection {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** The name of its subscription: a job is told its connection by id alone. */
  readonly subscription: string | undefined;
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
  options: EntraOptions & { readonly now: () => number },
  connection: ServiceConnection,
  defaultAuthorityHost: string,
): UserSession {
  return remembering(signInWith(options, connection, defaultAuthorityHost), options.now);
}

/** Milliseconds. */
const remembered = 5 * 60_000;

/**
 * Workers ask at the same time, and families one after the other. One request answers those who wait; and what has been
 * given up, after all its attempts, is not asked for again by each of them (one that limits requests would be flooded).
 */
export function remembering(session: UserSession, now: () => number): UserSession {
  const running = new Map<string, Promise<AccessToken>>();
  const failed = new Map<string, { readonly at: number; readonly error: unknown }>();
  return {
    tokenFor: async (scope) => {
      const before = failed.get(scope);
      if (before !== undefined && now() - before.at < remembered) throw before.error;
      const asked = running.get(scope) ?? session.tokenFor(scope).finally(() => running.delete(scope));
      running.set(scope, asked);
      try {
        return await asked;
      } catch (error) {
        failed.set(scope, { at: now(), error });
        throw error;
      }
    },
  };
}

/** For the sentences: what a person finds the connection by, and whom a role must be given to. */
export function describeConnection({ name, subscription, clientId }: ServiceConnection): string {
  const known = [
    ...(subscription === undefined ? [] : [`subscription "${subscription}"`]),
    ...(clientId === '' ? [] : [`client id ${clientId}`]),
  ];
  return `service connection "${name}"${known.length === 0 ? '' : ` (${known.join(', ')})`}`;
}

function signInWith(options: EntraOptions, connection: ServiceConnection, defaultAuthorityHost: string): UserSession {
  const { proof } = connection;
  if (proof.kind === 'secret') options.registerSecret(proof.secret);
  if (proof.kind === 'certificate') options.registerSecret(privateKeyOf(proof.pem));
  if (proof.kind === 'managed identity') {
    return signInAsMachine(options, { clientId: connection.clientId, who: describeConnection(connection) });
  }
  const client = {
    authorityHost: connection.authorityHost ?? defaultAuthorityHost,
    tenantId: connection.tenantId,
    clientId: connection.clientId,
    who: describeConnection(connection),
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
  const url = new URL(proof.oidcRequestUri);
  url.searchParams.set('api-version', '7.1');
  url.searchParams.set('serviceConnectionId', connection.id);
  return retrying(options.pauses, { repeat: 'always' }, async () => {
    const answer = await options.send({
      method: 'POST',
      url: url.href,
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
    if (isPage(answer)) throw pageError(answer, url.host);
    const said = messageOf(json);
    throw new ServiceError(
      `The pipeline service gave no token for ${describeConnection(connection)} (HTTP ${answer.status}). ` +
        (said === undefined ? '' : `Azure DevOps says: ${said.replace(/[.\s]+$/, '')}. `) +
        (answer.status >= 300 && answer.status < 400
          ? 'It sent the request elsewhere, as a sign-in page or a proxy does. '
          : '') +
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
