import { X509Certificate } from 'node:crypto';
import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  type Configuration,
  PublicClientApplication,
} from '@azure/msal-node';
import { blankEnds } from './blank-ends.ts';
import type { SignInSubject, SignInWay } from './entra-errors.ts';
import { ServiceError } from './service-error.ts';
import { type EntraOptions, TokenEndpoint } from './token-endpoint.ts';

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
 * @param doubts what may be wrong with the password, told if it is refused
 * @throws ServiceError with the AADSTS code
 */
export async function signInWithPassword(
  options: EntraOptions,
  user: UserSignIn,
  credentials: { readonly username: string; readonly password: string },
  doubts: readonly string[] = [],
): Promise<UserSession> {
  const subject = subjectOf(user, { how: 'password' }, [...blankEnds('The password', credentials.password), ...doubts]);
  const gate = new TokenEndpoint(options, subject);
  const app = new PublicClientApplication(configurationOf(gate, user));
  // The flow is deprecated by MSAL in favour of interactive ones, which an unattended job has not.
  const first = await gate.ask(() =>
    app.acquireTokenByUsernamePassword({ scopes: [azureDevOpsScope], ...credentials }),
  );
  return sessionOf(gate, app, first);
}

/** A sign-in that can be taken up again later. */
export interface LastingSignIn {
  readonly session: UserSession;
  /** User principal name, if Entra told it. */
  readonly username: string | undefined;
  /** Undefined if Entra gave none. */
  readonly refreshToken: string | undefined;
}

/**
 * Exchanges a refresh token. Entra gives a new one with each exchange and keeps the old one valid.
 * @throws ServiceError with the AADSTS code
 */
export function signInWithRefreshToken(
  options: EntraOptions,
  user: UserSignIn & { readonly command: string },
  refreshToken: string,
): Promise<LastingSignIn> {
  const way = { how: 'refresh token', command: user.command } as const;
  return lastingSignIn(options, subjectOf(user, way, blankEnds('The stored token', refreshToken)), user, (app) =>
    // Without forceCache MSAL throws the new refresh token away.
    app.acquireTokenByRefreshToken({ scopes: [azureDevOpsScope], refreshToken, forceCache: true }),
  );
}

/** How a person signs in by hand. */
export type Interaction =
  /** The person types a code at a page, on any device. `show` gets the sentence that says where. */
  | { readonly kind: 'device code'; readonly show: (message: string) => void }
  /** The page opens in a browser on this machine, and comes back to localhost (with PKCE). */
  | { readonly kind: 'browser'; readonly open: (url: string) => Promise<void> };

/** @throws ServiceError with the AADSTS code */
export function signInByHand(
  options: EntraOptions,
  user: UserSignIn & { readonly username: string | undefined },
  interaction: Interaction,
): Promise<LastingSignIn> {
  const scopes = [azureDevOpsScope];
  return lastingSignIn(options, subjectOf(user, { how: 'person' }), user, (app) =>
    interaction.kind === 'device code'
      ? app.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: ({ message }) => interaction.show(message) })
      : app.acquireTokenInteractive({
          scopes,
          openBrowser: interaction.open,
          successTemplate: 'You are signed in. This window may be closed.',
          errorTemplate: 'The sign-in did not succeed. The terminal says why.',
          ...(user.username === undefined ? {} : { loginHint: user.username }),
        }),
  );
}

async function lastingSignIn(
  options: EntraOptions,
  subject: SignInSubject,
  user: UserSignIn,
  acquire: (app: PublicClientApplication) => Promise<AuthenticationResult | null>,
): Promise<LastingSignIn> {
  const gate = new TokenEndpoint(options, subject);
  const app = new PublicClientApplication(configurationOf(gate, user));
  const first = await gate.ask(() => acquire(app));
  const { refreshToken } = gate;
  return { session: sessionOf(gate, app, first), username: first.account?.username || undefined, refreshToken };
}

/** MSAL asks for a new token so many milliseconds before the old one ends. */
const renewedBefore = 5 * 60_000;

function sessionOf(gate: TokenEndpoint, app: PublicClientApplication, first: AuthenticationResult): UserSession {
  const { account } = first;
  // Now and not at the first use: a sign-in without a token is none.
  tokenOf(first);
  const kept = new Map<string, AccessToken>();
  const pending = new Map<string, Promise<AccessToken>>();
  /** Entra gave no id_token: MSAL finds nothing by account then. */
  const withoutAccount = async (scope: string) => {
    if (scope === azureDevOpsScope && first.expiresOn !== null && first.expiresOn.getTime() > Date.now())
      return tokenOf(first);
    const { refreshToken } = gate;
    if (refreshToken === undefined) throw noFurtherToken(gate.subject, scope);
    return tokenOf(await gate.ask(() => app.acquireTokenByRefreshToken({ scopes: [scope], refreshToken })));
  };
  const silent = async (scope: string) => {
    if (account === null) return withoutAccount(scope);
    // Without one MSAL has nothing to ask with, and says so in words that help nobody.
    if (scope !== azureDevOpsScope && gate.refreshToken === undefined) throw noFurtherToken(gate.subject, scope);
    return tokenOf(await gate.ask(() => app.acquireTokenSilent({ account, scopes: [scope] })));
  };
  return {
    tokenFor: async (scope) => {
      // MSAL needs half a millisecond to find what it has, and each request asks.
      const token = kept.get(scope);
      if (token !== undefined && token.expiresOn.getTime() - Date.now() > renewedBefore) return token;
      // Workers ask at the same time: one request answers them all.
      const running = pending.get(scope) ?? silent(scope).finally(() => pending.delete(scope));
      pending.set(scope, running);
      const fresh = await running;
      kept.set(scope, fresh);
      return fresh;
    },
  };
}

/** Such as a policy of the tenant makes it: one service's token, and nothing to get another's with. */
function noFurtherToken({ who, how, clientId }: SignInSubject, scope: string): ServiceError {
  const service = scope.replace(/\/+\.default$/, '');
  const by = how === 'password' ? 'password sign-in' : 'sign-in';
  return new ServiceError(
    `Entra gave no refresh token with the ${by} of ${who}, so there is no token for ${service}. Let a service connection ` +
      `open the vault (input azureSubscription), or see in Entra’s sign-in log what keeps the app ${clientId} from getting one.`,
    { outcome: 'unsent', code: 'NoRefreshToken' },
  );
}

/** How a service connection proves who it is. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly secret: string }
  /** PEM with the certificate and its private key. */
  | { readonly kind: 'certificate'; readonly pem: string }
  | { readonly kind: 'assertion'; readonly getAssertion: () => Promise<string> };

/** A service connection's own token (never for the PAT API, which takes users only). @throws ServiceError */
export function signInAsClient(options: EntraOptions, client: UserSignIn, proof: ClientProof): UserSession {
  const doubts = proof.kind === 'secret' ? blankEnds('The client secret', proof.secret) : [];
  const gate = new TokenEndpoint(options, subjectOf(client, { how: 'application' }, doubts));
  const configuration = configurationOf(gate, client);
  const app = new ConfidentialClientApplication({
    ...configuration,
    auth: { ...configuration.auth, ...credentialOf(options, proof) },
  });
  return {
    tokenFor: async (scope) => tokenOf(await gate.ask(() => app.acquireTokenByClientCredential({ scopes: [scope] }))),
  };
}

function credentialOf({ registerSecret }: EntraOptions, proof: ClientProof) {
  switch (proof.kind) {
    case 'secret':
      return { clientSecret: proof.secret };
    case 'assertion':
      return {
        clientAssertion: async () => {
          const assertion = await proof.getAssertion();
          registerSecret(assertion);
          return assertion;
        },
      };
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

function subjectOf(user: UserSignIn, way: SignInWay, doubts: readonly string[] = []): SignInSubject {
  const { who, tenantId, clientId } = user;
  return { who, tenant: tenantId, clientId, host: new URL(user.authorityHost).host, doubts, ...way };
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
