import { secretNamePattern } from '../destinations/places.ts';
import type { ServiceConnection } from '../services/service-connection.ts';
import { asHttps, InputProblems, InputReading, quoted } from './input-reading.ts';
import type { InputName, Inputs } from './inputs.ts';

export const defaultAuthorityHost = 'https://login.microsoftonline.com';

export type SignIn = {
  /** Such as `https://login.microsoftonline.com`, without a slash at the end. */
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
} & (
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'refreshToken';
      readonly secret: RefreshTokenSecret;
      readonly connection: ServiceConnection;
    }
);

export interface RefreshTokenSecret {
  /** Such as `https://contoso-vault.vault.azure.net`. */
  readonly vaultUrl: string;
  readonly name: string;
}

/** What a person's first sign-in needs, checked. */
export interface FirstSignInSettings {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** Who is expected to sign in; undefined: whoever does. */
  readonly username: string | undefined;
  readonly secret: RefreshTokenSecret;
  /** Undefined: whoever signs in also opens the vault. */
  readonly connection: ServiceConnection | undefined;
}

export function connectionOf(read: InputReading): ServiceConnection | undefined {
  // Only a vault, or the refresh token in one, needs the connection.
  if (!read.isGiven('keyVault') && read.text('signIn')?.toLowerCase() !== 'refreshtoken') return undefined;
  const id = read.text('azureSubscription');
  return id === undefined ? undefined : read.serviceConnection('azureSubscription', id);
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const domain = /^(?=.{4,255}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;

export function readSignIn(
  read: InputReading,
  vault: { vaultUrl: string | undefined; connection: ServiceConnection | undefined; authorityHost: string },
): SignIn {
  const kind = read.choice('signIn', ['password', 'refreshToken']);
  const common = { authorityHost: vault.authorityHost, ...readTenantAndClient(read) };
  // What an unknown sign-in needs is not known.
  if (kind === undefined) return { ...common, kind: 'password', username: '', password: '' };
  if (kind === 'password') {
    const username = read.required('username', 'the service account (user principal name)') ?? '';
    const password = read.required('password', 'the service account’s password') ?? '';
    return { ...common, kind: 'password', username, password };
  }
  const secret = readRefreshTokenSecret(read, vault.vaultUrl);
  if (!read.isGiven('azureSubscription')) {
    read.problem('azureSubscription', 'signIn refreshToken needs a service connection that may open the vault.');
  }
  const connection = vault.connection ?? noConnection;
  return { ...common, kind, secret, connection };
}

/**
 * Reads and checks what a person's first sign-in needs; sends nothing.
 * @throws InputProblems with all problems at once
 */
export function readFirstSignIn(inputs: Inputs): FirstSignInSettings {
  const read = new InputReading(inputs);
  const id = read.text('azureSubscription');
  const connection = id === undefined ? undefined : read.serviceConnection('azureSubscription', id);
  const authorityHost = read.httpsUrl('authorityHost')?.origin ?? '';
  const vaultUrl = vaultUrlOf(read, read.text('keyVault'), 'keyVault', connection, authorityHost);
  const settings: FirstSignInSettings = {
    authorityHost,
    ...readTenantAndClient(read),
    username: read.text('username'),
    secret: readRefreshTokenSecret(read, vaultUrl),
    connection,
  };
  if (read.problems.length > 0) throw new InputProblems(read.problems);
  return settings;
}

function readTenantAndClient(read: InputReading): { readonly tenantId: string; readonly clientId: string } {
  const tenantId = read.required('tenantId', 'the Entra tenant (GUID or domain)') ?? '';
  if (tenantId !== '' && !guid.test(tenantId) && !domain.test(tenantId)) {
    read.problem('tenantId', `${quoted(tenantId)} is neither a GUID nor a domain such as contoso.onmicrosoft.com.`);
  }
  const clientId = read.text('clientId') ?? '';
  if (clientId !== '' && !guid.test(clientId)) read.problem('clientId', `${quoted(clientId)} is not a GUID.`);
  return { tenantId, clientId };
}

/** Stands where a problem has been reported already; settings with problems are never used. */
const noConnection: ServiceConnection = {
  id: '',
  name: '',
  tenantId: '',
  clientId: '',
  subscription: undefined,
  authorityHost: undefined,
  vaultSuffix: undefined,
  proof: { kind: 'managed identity' },
};

function readRefreshTokenSecret(read: InputReading, vaultUrl: string | undefined): RefreshTokenSecret {
  const nothing = { vaultUrl: '', name: '' };
  const text = read.required('refreshTokenSecret', 'the secret that holds the refresh token');
  if (text === undefined) return nothing;
  if (secretNamePattern.test(text) && text.length <= 127) {
    if (!read.isGiven('keyVault')) {
      read.problem(
        'refreshTokenSecret',
        'a secret’s bare name needs the input keyVault; or give https://<vault>/secrets/<name>.',
      );
    }
    return { vaultUrl: vaultUrl ?? '', name: text };
  }
  const url = asHttps(text);
  const name = typeof url === 'string' ? undefined : /^\/secrets\/([0-9A-Za-z-]{1,127})\/?$/.exec(url.pathname)?.[1];
  if (typeof url === 'string' || name === undefined || !/:\/\//.test(text)) {
    const sentence =
      typeof url === 'string' && /^http:/i.test(text)
        ? url
        : `${quoted(text)} is neither a secret’s name nor https://<vault>/secrets/<name>.`;
    read.problem('refreshTokenSecret', sentence);
    return nothing;
  }
  const problem = vaultHostProblem(url.hostname);
  if (problem !== undefined) read.problem('refreshTokenSecret', `${quoted(text)} ${problem}`);
  return { vaultUrl: url.origin, name };
}

export function vaultUrlOf(
  read: InputReading,
  text: string | undefined,
  input: InputName,
  connection: ServiceConnection | undefined,
  authorityHost: string,
): string | undefined {
  if (text === undefined) return undefined;
  if (/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/i.test(text)) {
    return `https://${text.toLowerCase()}.${connection?.vaultSuffix ?? vaultSuffixOf(authorityHost)}`;
  }
  const isAddress = /^[a-z]+:\/\//i.test(text) || text.includes('.');
  const url = isAddress ? asHttps(text) : `${quoted(text)} is not a vault’s name (3 to 24 letters, digits and -).`;
  if (typeof url === 'string') return read.problem(input, url);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return read.problem(
      input,
      `${quoted(text)} is not a vault’s address, such as https://contoso-vault.vault.azure.net.`,
    );
  }
  const problem = vaultHostProblem(url.hostname);
  return problem === undefined ? url.origin : read.problem(input, `${quoted(text)} ${problem}`);
}

/** Why a host name is not a vault's own, if it is not. */
function vaultHostProblem(host: string): string | undefined {
  const [, name] =
    /^([a-z0-9-]+)\.(?:privatelink\.)?vaultcore\./.exec(host) ?? /^([a-z0-9-]+)\.privatelink\./.exec(host) ?? [];
  if (name !== undefined) {
    return (
      `is where a private endpoint is found, and not the vault’s own address: give its name, ${quoted(name)}. The network ` +
      'leads there by itself.'
    );
  }
  const isNumeric = /^[\d.]+$|^\[/.test(host);
  return isNumeric ? 'is an IP address, for which no vault has a certificate. Give the vault’s name.' : undefined;
}

/** The vaults' domain of the cloud that the sign-in host belongs to. */
function vaultSuffixOf(authorityHost: string): string {
  if (authorityHost.endsWith('.us')) return 'vault.usgovcloudapi.net';
  if (authorityHost.endsWith('.cn')) return 'vault.azure.cn';
  return 'vault.azure.net';
}
