import { X509Certificate } from 'node:crypto';
import {
  AuthError,
  type AuthenticationResult,
  ConfidentialClientApplication,
  type Configuration,
  type INetworkModule,
  PublicClientApplication,
} from '@azure/msal-node';
import { parseJson } from './azure-devops.ts';
import { entraError, type SignInSubject } from './entra-errors.ts';
import type { Send } from './http.ts';
import { type Pauses, retrying } from './retry.ts';
import { ServiceError } from './service-error.ts';

/** What every sign-in needs. */
export interface EntraOptions {
  readonly send: Send;
  readonly pauses: Pauses;
  /** Called with each token before anything is done with it. */
  readonly registerSecret: (value: string) => void;
}

export interface UserSignIn {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly who: string;
}

/** A signed-in user: tokens for any resource, from the same sign-in. */
export interface UserSession {
  /** @throws ServiceError */
  readonly tokenFor: (scope: string) => Promise<AccessToken>;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresOn: Date;
}

/** The application id of Azure DevOps in Entra; `.default` asks for what the app has been granted. */
export const azureDevOpsScope = '499b84ac-1321-427f-aa17-267ca6975798/.default';

/**
 * Resource owner password credentials: one POST. A refusal is never tried again: wrong passwords lock accounts.
 * @throws ServiceError with the AADSTS code
 */
export async function signInWithPassword(
  options: EntraOptions,
  user: UserSignIn,
  credentials: { readonly username: string; readonly password: string },
): Promise<UserSession> {
  const gate = new TokenEndpoint(options, subjectOf(user));
  const app = new PublicClientApplication(configurationOf(gate, user));
  // The flow is deprecated by MSAL in favour of interactive ones, which an unattended job has not.
  const first = await gate.ask(() =>
    app.acquireTokenByUsernamePassword({ scopes: [azureDevOpsScope], ...credentials }),
  );
  return sessionOf(gate, app, first);
}

/**
 * Exchanges a refresh token. Entra gives a new one with each exchange and keeps the old one valid.
 * @throws ServiceError with the AADSTS code
 */
export async function signInWithRefreshToken(
  options: EntraOptions,
  user: UserSignIn,
  refreshToken: string,
): Promise<{ readonly session: UserSession; readonly rolled: string | undefined }> {
  const gate = new TokenEndpoint(options, subjectOf(user));
  const app = new PublicClientApplication(configurationOf(gate, user));
  // Without forceCache MSAL throws the new refresh token away.
  const first = await gate.ask(() =>
    app.acquireTokenByRefreshToken({ scopes: [azureDevOpsScope], refreshToken, forceCache: true }),
  );
  const rolled = gate.refreshToken;
  return { session: sessionOf(gate, app, first), rolled };
}

function sessionOf(gate: TokenEndpoint, app: PublicClientApplication, first: AuthenticationResult): UserSession {
  const { account } = first;
  const pending = new Map<string, Promise<AccessToken>>();
  const silent = async (scope: string) => {
    if (account === null) return tokenOf(first);
    return tokenOf(await gate.ask(() => app.acquireTokenSilent({ account, scopes: [scope] })));
  };
  return {
    // Workers ask at the same time: one request answers them all.
    tokenFor: (scope) => {
      const running = pending.get(scope);
      if (running !== undefined) return running;
      const started = silent(scope).finally(() => pending.delete(scope));
      pending.set(scope, started);
      return started;
    },
  };
}

/** How a service connection proves who it is. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly secret: string }
  /** PEM with the certificate and its private key. */
  | { readonly kind: 'certificate'; readonly pem: string }
  | { readonly kind: 'assertion'; readonly getAssertion: () => Promise<string> };

/** A service connection's own token (never for the PAT API, which takes users only). @throws ServiceError */
export function signInAsClient(options: EntraOptions, client: UserSignIn, proof: ClientProof): UserSession {
  const gate = new TokenEndpoint(options, subjectOf(client));
  const configuration = configurationOf(gate, client);
  const app = new ConfidentialClientApplication({
    ...configuration,
    auth: { ...configuration.auth, ...credentialOf(proof) },
  });
  return {
    tokenFor: async (scope) => tokenOf(await gate.ask(() => app.acquireTokenByClientCredential({ scopes: [scope] }))),
  };
}

function credentialOf(proof: ClientProof) {
  switch (proof.kind) {
    case 'secret':
      return { clientSecret: proof.secret };
    case 'assertion':
      return { clientAssertion: proof.getAssertion };
    case 'certificate': {
      const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(proof.pem)?.[0];
      const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/.exec(
        proof.pem,
      )?.[0];
      if (certificate === undefined || privateKey === undefined) {
        throw new ServiceError(
          'The service connection’s certificate is no PEM text with a certificate and a private key.',
          {
            outcome: 'unsent',
          },
        );
      }
      const thumbprintSha256 = new X509Certificate(certificate).fingerprint256.replaceAll(':', '');
      return { clientCertificate: { thumbprintSha256, privateKey, x5c: certificate } };
    }
  }
}

function subjectOf(user: UserSignIn): SignInSubject {
  return { who: user.who, tenant: user.tenantId, clientId: user.clientId, host: new URL(user.authorityHost).host };
}

/** MSAL knows the endpoints of Microsoft’s own sign-in hosts and needs no look-up there. */
const knownHosts = new Set([
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
  'login.microsoftonline.us',
  'login.usgovcloudapi.net',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
]);

function configurationOf(gate: TokenEndpoint, user: UserSignIn): Configuration {
  const { host } = new URL(user.authorityHost);
  return {
    auth: {
      clientId: user.clientId,
      authority: `${user.authorityHost.replace(/\/+$/, '')}/${user.tenantId}`,
      ...(knownHosts.has(host) ? {} : { knownAuthorities: [host] }),
    },
    system: { networkClient: gate },
  };
}

function tokenOf(result: AuthenticationResult | null): AccessToken {
  const token = result?.accessToken ?? '';
  if (token === '') {
    // MSAL resolves a 200 without a token to an empty one.
    throw new ServiceError('Entra answered without an access token. Run again later.', { outcome: 'unknown' });
  }
  return { token, expiresOn: result?.expiresOn ?? new Date(Date.now() + 3_600_000) };
}

/**
 * MSAL's network on our HTTP stack: proxy, certificates, time-outs and retries as everywhere. It keeps what MSAL
 * hides: the cause of a failed request, and the error's own code. What may be repeated is repeated here, below MSAL,
 * because MSAL answers from memory after a 429 or 5xx.
 */
class TokenEndpoint implements INetworkModule {
  readonly #options: EntraOptions;
  readonly #subject: SignInSubject;
  #failure: ServiceError | undefined;
  refreshToken: string | undefined;

  constructor(options: EntraOptions, subject: SignInSubject) {
    this.#options = options;
    this.#subject = subject;
  }

  /** Runs one of MSAL's calls; throws our error in place of MSAL's. */
  async ask<T>(call: () => Promise<T | null>): Promise<T> {
    this.#failure = undefined;
    try {
      const result = await call();
      if (result !== null) return result;
    } catch (error) {
      if (this.#failure !== undefined) throw this.#failure;
      if (error instanceof ServiceError) throw error;
      const code = error instanceof AuthError ? error.errorCode : 'unexpected';
      throw new ServiceError(
        `The sign-in of ${this.#subject.who} at ${this.#subject.host} failed (${code}). Check the inputs tenantId, clientId and authorityHost.`,
        { outcome: 'unknown', code },
      );
    }
    throw new ServiceError('Entra answered without an access token. Run again later.', { outcome: 'unknown' });
  }

  sendGetRequestAsync<T>(url: string, options?: { headers?: Record<string, string> }) {
    return this.#exchange<T>('GET', url, options?.headers, undefined);
  }

  sendPostRequestAsync<T>(url: string, options?: { headers?: Record<string, string>; body?: string }) {
    return this.#exchange<T>('POST', url, options?.headers, options?.body);
  }

  async #exchange<T>(
    method: 'GET' | 'POST',
    url: string,
    headers: Record<string, string> = {},
    body: string | undefined,
  ) {
    try {
      return await retrying(this.#options.pauses, { repeat: 'always' }, async () => {
        const answer = await this.#options.send({ method, url, headers, body });
        const json = parseJson(answer.body);
        if (answer.status !== 200 || json === undefined) throw entraError(answer, this.#subject);
        this.#register(json);
        return { status: answer.status, headers: { ...answer.headers }, body: json as T };
      });
    } catch (error) {
      if (error instanceof ServiceError) this.#failure = error;
      throw new AuthError('network_error', 'see the cause kept beside it');
    }
  }

  #register(json: unknown): void {
    if (!(json instanceof Object)) return;
    const tokens = json as Record<string, unknown>;
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      const value = tokens[name];
      if (typeof value !== 'string' || value === '') continue;
      this.#options.registerSecret(value);
      if (name === 'refresh_token') this.refreshToken = value;
    }
  }
}
