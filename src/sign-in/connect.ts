import { openPlaces } from '../destinations/registry.ts';
import type { AzureDevOps } from '../services/azure-devops.ts';
import { provePat, readAccountId } from '../services/connection-data.ts';
import { azureDevOpsScope, type UserSession } from '../services/entra.ts';
import { createPatApi } from '../services/pat-api.ts';
import { ServiceClock } from '../services/service-clock.ts';
import { remembering } from '../services/service-connection.ts';
import type { Settings } from '../settings/settings.ts';
import type { Organization, World } from '../world.ts';
import { openVaultAs, openVaultWith, type VaultSurroundings } from './open-vault.ts';
import { signInFromVault } from './refresh-token.ts';
import { type PasswordSurroundings, signInUnlessRefused } from './refused-sign-ins.ts';

/** What the process that runs the engine gives it. */
export interface Surroundings
  extends VaultSurroundings,
    PasswordSurroundings,
    Pick<World, 'variables' | 'isStopping' | 'elapsed' | 'wall' | 'progress' | 'delivered'> {}

export interface Connected {
  readonly world: World;
  readonly warnings: readonly string[];
}

/**
 * Signs in and gives the world as the service account sees it.
 * @throws ServiceError if the sign-in fails: nothing has been changed then
 */
export async function connect(settings: Settings, surroundings: Surroundings): Promise<Connected> {
  const { send, pauses } = surroundings;
  const warnings: string[] = [];
  const signedIn = await signIn(settings, surroundings, (sentence) => warnings.push(sentence));
  const user = remembering(signedIn, surroundings.elapsed);
  const devOps: AzureDevOps = {
    send,
    pauses,
    clock: new ServiceClock(surroundings.now),
    accessToken: async () => (await user.tokenFor(azureDevOpsScope)).token,
  };
  // Until a vault tells its own time, Azure DevOps' is nearer to it than the agent's.
  const atVault = { ...surroundings, now: () => devOps.clock.now() };
  const { vault } = settings;
  const store =
    vault === undefined
      ? undefined
      : vault.connection === undefined
        ? await openVaultWith(atVault, vault.url, user, 'the service account')
        : await openVaultAs(atVault, vault.url, vault.connection, settings.signIn.authorityHost);

  const organizations = new Map<string, Organization>();
  const { variables, registerSecret, isStopping, elapsed, wall, progress, delivered } = surroundings;
  const world: World = {
    organization: (name) => {
      const known = organizations.get(name);
      if (known !== undefined) return known;
      const opened = openOrganization(devOps, name);
      organizations.set(name, opened);
      return opened;
    },
    placeOf: openPlaces({ vault: store, devOps }),
    variables,
    registerSecret,
    isStopping,
    elapsed,
    wall,
    progress,
    delivered,
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
    // The PAT is tried whether or not the account's id could be asked for: the service may say that it is no good.
    prove: async (token) => provePat(devOps, name, token, await accountId().catch(() => undefined)),
  };
}

async function signIn(
  settings: Settings,
  surroundings: Surroundings,
  warn: (sentence: string) => void,
): Promise<UserSession> {
  const { signIn } = settings;
  if (signIn.kind === 'password') {
    surroundings.registerSecret(signIn.password);
    return signInUnlessRefused(surroundings, signIn);
  }
  const { vaultUrl, name } = signIn.secret;
  const store = await openVaultAs(surroundings, vaultUrl, signIn.connection, signIn.authorityHost);
  const writesNothing = settings.dryRun || settings.mode === 'report';
  return signInFromVault(surroundings, signIn, { store, name }, !writesNothing, warn);
}
