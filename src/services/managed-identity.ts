import { ManagedIdentityApplication } from '@azure/msal-node';
import { isRecord, parseJson } from './azure-devops.ts';
import type { UserSession } from './entra.ts';
import { type HttpAnswer, retryAfter } from './http.ts';
import { type MsalAnswer, MsalNetwork, type MsalRequest } from './msal-network.ts';
import { isPage, pageError } from './page-answer.ts';
import { retrying } from './retry.ts';
import { ServiceError } from './service-error.ts';
import type { EntraOptions } from './token-endpoint.ts';

export interface Machine {
  /** Of one of its identities; empty: the machine's only one, or its own. */
  readonly clientId: string;
  /** For the sentences. */
  readonly who: string;
}

/**
 * Tokens of the managed identity of the machine that the agent runs on: a virtual machine, a container app or an App
 * Service (MSAL tells which by its environment), never through the proxy. One identity a process: MSAL keeps the first.
 */
export function signInAsMachine(options: EntraOptions, machine: Machine): UserSession {
  const service = new IdentityService(options, machine.who);
  const chosen = machine.clientId === '' ? {} : { managedIdentityIdParams: { userAssignedClientId: machine.clientId } };
  const app = new ManagedIdentityApplication({
    ...chosen,
    system: { networkClient: service, disableInternalRetries: true },
  });
  return {
    tokenFor: async (scope) => {
      const resource = scope.replace(/\/\.default$/, '');
      const { accessToken: token, expiresOn } = await service.ask(() => app.acquireToken({ resource }));
      return { token, expiresOn: expiresOn ?? new Date(Date.now() + 3_600_000) };
    },
  };
}

/** The machine's own service of tokens, for MSAL, on our HTTP stack. */
class IdentityService extends MsalNetwork {
  readonly #options: EntraOptions;
  readonly #who: string;

  constructor(options: EntraOptions, who: string) {
    super();
    this.#options = options;
    this.#who = who;
  }

  protected override exchange(request: MsalRequest): Promise<MsalAnswer> {
    return retrying(this.#options.pauses, { repeat: 'always' }, async () => {
      const answer = await this.#options.send(request);
      const json = parseJson(answer.body);
      const token = isRecord(json) ? json.access_token : undefined;
      if (isPage(answer)) throw pageError(answer, new URL(request.url).host);
      if (answer.status !== 200 || typeof token !== 'string' || token === '') throw refusal(this.#who, answer);
      this.#options.registerSecret(token);
      return { status: answer.status, headers: { ...answer.headers }, body: json };
    });
  }

  protected override ownWords(): ServiceError {
    return noToken(this.#who, 'no token');
  }
}

/** 404, 410, 429 and 5xx pass: the service is being updated. Source: how to retry, Managed identities, Microsoft Learn. */
function refusal(who: string, { status, headers }: HttpAnswer): ServiceError {
  return noToken(who, `HTTP ${status}`, {
    code: `ManagedIdentity${status}`,
    status,
    retryAfter: retryAfter(headers),
    transient: status === 404 || status === 410 || status === 429 || status >= 500,
  });
}

function noToken(
  who: string,
  what: string,
  details: { code?: string; status?: number; retryAfter?: number | undefined; transient?: boolean } = {},
): ServiceError {
  return new ServiceError(
    `The machine’s managed identity gave no token for ${who} (${what}). Managed identity works on a self-hosted agent in ` +
      'Azure that has one; elsewhere use workload identity federation.',
    { outcome: 'refused', code: 'ManagedIdentity', ...details },
  );
}
