import { day } from './renewal/instant.ts';
import type { AzureDevOps } from './services/azure-devops.ts';
import { provePat, readAccountId } from './services/connection-data.ts';
import {
  azureDevOpsScope,
  type EntraOptions,
  signInWithPassword,
  signInWithRefreshToken,
  type UserSession,
} from './services/entra.ts';
import type { Send } from './services/http.ts';
import { createPatApi } from './services/pat-api.ts';
import type { Pauses } from './services/retry.ts';
import type { SecretStore } from './services/secret-store.ts';
import { ServiceClock } from './services/service-clock.ts';
import { openServiceConnection, type ServiceConnection } from './services/service-connection.ts';
import { ServiceError, sentenceOf } from './services/service-error.ts';
import type { Settings } from './settings.ts';
import type { SignIn } from './sign-in-settings.ts';
import type { Organization, World } from './world.ts';

/** What the process that runs the engine gives it. */
export interface Surroundings
  extends Pick<World, 'variables' | 'registerSecret' | 'isStopping' | 'elapsed' | 'progress'> {
  readonly send: Send;
  readonly pauses: Pauses;
  /** Milliseconds since 1970, by the agent's clock: used until a service has told its own. */
  readonly now: () => number;
}

export interface Connected {
  readonly world: World;
  readonly warnings: readonly string[];
}

/**
 * Signs in and gives the world as the service account sees it.
 * @throws ServiceError if the sign-in fails: nothing has been changed then
 */
export async function connect(settings: Settings, surroundings: Surroundings): Promise<Connected> {
  const { send, pauses, registerSecret } = surroundings;
  const warnings: string[] = [];
  const entra: EntraOptions = { send, pauses, registerSecret };
  const openVault = async (url: string, session: UserSession, who: string): Promise<SecretStore> => {
    // Loaded only when a vault is used: simple mode without one starts faster.
    const { openKeyVault } = await import('./services/key-vault.ts');
    return openKeyVault({ url, session, who, send, pauses, clock: new ServiceClock(surroundings.now), registerSecret });
  };
  const connectionSession = (connection: ServiceConnection) =>
    openServiceConnection(entra, connection, settings.signIn.authorityHost);

  const user = await signIn(settings, entra, warnings, (vaultUrl, connection) =>
    openVault(vaultUrl, connectionSession(connection), `service connection "${connection.name}"`),
  );
  const devOps: AzureDevOps = {
    send,
    pauses,
    clock: new ServiceClock(surroundings.now),
    accessToken: async () => (await user.tokenFor(azureDevOpsScope)).token,
  };
  const { vault } = settings;
  const store =
    vault === undefined
      ? undefined
      : vault.connection === undefined
        ? await openVault(vault.url, user, 'the service account')
        : await openVault(
            vault.url,
            connectionSession(vault.connection),
            `service connection "${vault.connection.name}"`,
          );

  const organizations = new Map<string, Organization>();
  const { variables, isStopping, elapsed, progress } = surroundings;
  const world: World = {
    organization: (name) => {
      const known = organizations.get(name);
      if (known !== undefined) return known;
      const opened = openOrganization(devOps, name);
      organizations.set(name, opened);
      return opened;
    },
    vault: store,
    variables,
    registerSecret,
    isStopping,
    elapsed,
    progress,
  };
  return { world, warnings };
}

function openOrganization(devOps: AzureDevOps, name: string): Organization {
  let account: Promise<string> | undefined;
  const accountId = () => {
    account ??= readAccountId(devOps, name);
    return account;
  };
  return {
    name,
    pats: createPatApi(devOps, name),
    accountId,
    prove: async (token) => provePat(devOps, name, token, await accountId()),
  };
}

type OpenSecretVault = (vaultUrl: string, connection: ServiceConnection) => Promise<SecretStore>;

async function signIn(
  settings: Settings,
  entra: EntraOptions,
  warnings: string[],
  openSecretVault: OpenSecretVault,
): Promise<UserSession> {
  const { signIn } = settings;
  if (signIn.kind === 'refreshToken') return signInFromVault(settings, signIn, entra, warnings, openSecretVault);
  const who = `account ${signIn.username}`;
  return signInWithPassword(entra, { ...signIn, who }, { username: signIn.username, password: signIn.password });
}

/** A refresh token lives for 90 days from its last exchange. Source: learn.microsoft.com/entra/identity-platform/refresh-tokens */
const refreshTokenDays = 90;
const warnDaysBefore = 30;

/** Exchanges the stored refresh token and stores the rolled one, before any PAT is touched. */
async function signInFromVault(
  settings: Settings,
  signIn: SignIn & { kind: 'refreshToken' },
  entra: EntraOptions,
  warnings: string[],
  openSecretVault: OpenSecretVault,
): Promise<UserSession> {
  const { vaultUrl, name } = signIn.secret;
  const store = await openSecretVault(vaultUrl, signIn.connection);
  const read = await store.newest(name);
  if (read.kind !== 'read') {
    const what = read.kind === 'none' ? 'does not exist' : 'is disabled';
    throw new ServiceError(
      `Secret "${name}" in vault "${store.name}", which should hold the refresh token, ${what}. Sign in once with: renew-pats sign-in`,
      { outcome: 'refused', code: read.kind === 'none' ? 'SecretNotFound' : 'SecretDisabled' },
    );
  }
  entra.registerSecret(read.value);
  const left = read.version.expiresOn === undefined ? undefined : read.version.expiresOn - store.now();
  if (left !== undefined && left < warnDaysBefore * day) {
    warnings.push(
      `The refresh token in secret "${name}" (vault "${store.name}") was last renewed long ago: ${Math.max(0, Math.floor(left / day))} ` +
        'days are left. Run more often, or sign in again with: renew-pats sign-in',
    );
  }
  const who = `the account of secret "${name}"`;
  const { session, rolled } = await signInWithRefreshToken(entra, { ...signIn, who }, read.value);
  const changesNothing = settings.dryRun || settings.mode === 'report';
  if (changesNothing || rolled === undefined || rolled === read.value) return session;
  try {
    const stored = await store.set(name, {
      value: rolled,
      contentType: read.version.contentType ?? 'text/plain',
      expiresOn: Math.floor(store.now() / 1000) * 1000 + refreshTokenDays * day,
      tags: read.version.tags,
    });
    await disableSuperseded(store, name, stored.created, warnings);
  } catch (error) {
    throw new ServiceError(
      `The new refresh token could not be stored in secret "${name}" (vault "${store.name}"), so nothing was changed; the old ` +
        `one still works. ${sentenceOf(error)}`,
      { outcome: 'refused', code: error instanceof ServiceError ? error.code : undefined },
    );
  }
  return session;
}

/** Only what is older than one's own: an overlapping run may have stored a newer one. */
async function disableSuperseded(store: SecretStore, name: string, before: number, warnings: string[]): Promise<void> {
  try {
    const versions = await store.versions(name);
    for (const version of versions) {
      if (version.enabled && version.created < before) await store.disable(name, version.id);
    }
  } catch (error) {
    warnings.push(
      `An older version of secret "${name}" (vault "${store.name}") could not be disabled: ${sentenceOf(error)}`,
    );
  }
}
