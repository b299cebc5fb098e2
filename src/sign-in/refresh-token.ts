import { day, type Instant } from '../renewal/instant.ts';
import { type LastingSignIn, signInWithRefreshToken, type UserSession } from '../services/entra.ts';
import type { NewestSecret, SecretStore } from '../services/secret-store.ts';
import { ServiceError, sentenceOf } from '../services/service-error.ts';
import type { EntraOptions } from '../services/token-endpoint.ts';
import { defaultAuthorityHost, type RefreshTokenSecret, type SignIn } from '../settings/sign-in.ts';

/** A refresh token lives for 90 days from its last exchange. Source: learn.microsoft.com/entra/identity-platform/refresh-tokens */
const lifetime = 90 * day;
const warnBefore = 30 * day;

/** Tells a refresh token's secret from any other: what has another content type is never overwritten by a first sign-in. */
export const refreshTokenContentType = 'application/vnd.renew-pats.refresh-token';
/** Names the account in messages, where the token itself is dead and tells nothing. */
export const usernameTag = 'renewPats-username';

/** The secret that holds a refresh token. */
export interface RefreshTokenPlace {
  readonly store: SecretStore;
  readonly name: string;
}

export interface StoredSignIn extends Omit<SignIn, 'kind'> {
  readonly secret: RefreshTokenSecret;
}

/**
 * Signs in with the stored refresh token, and stores the one that Entra gives for it, before any PAT is touched. Entra
 * keeps the old one valid, so a run that overlaps goes on with what it has read.
 * @param keep false: the stored token stays as it is (the run is to write nothing)
 * @throws ServiceError nothing has been changed then, and the stored token still works if it did before
 */
export async function signInFromVault(
  entra: EntraOptions,
  signIn: StoredSignIn,
  place: RefreshTokenPlace,
  keep: boolean,
  warn: (sentence: string) => void,
): Promise<UserSession> {
  const { store, name } = place;
  const command = signInCommand(signIn);
  const read = await store.newest(name);
  if (read.kind !== 'read') {
    throw new ServiceError(
      `${where(place)}, which should hold the refresh token, ${read.kind === 'none' ? 'does not exist' : 'is disabled'}. ` +
        `Sign in once with: ${command}`,
      { outcome: 'refused', code: read.kind === 'none' ? 'SecretNotFound' : 'SecretDisabled' },
    );
  }
  warnIfOld(read.version.expiresOn, place, command, warn);
  const username = read.version.tags[usernameTag];
  const who = `${username === undefined ? 'the account' : `account ${username}`} of secret "${name}" in vault "${store.name}"`;
  const lasting = await signInWithRefreshToken(entra, { ...signIn, who, command }, read.value);
  const rolled = lasting.refreshToken;
  if (keep && rolled !== undefined && rolled !== read.value) await roll(place, lasting, rolled, read, warn);
  return lasting.session;
}

async function roll(
  place: RefreshTokenPlace,
  { username }: LastingSignIn,
  token: string,
  before: NewestSecret & { kind: 'read' },
  warn: (sentence: string) => void,
): Promise<void> {
  const { contentType, tags } = before.version;
  const content = {
    contentType: contentType ?? refreshTokenContentType,
    tags: { ...tags, ...(username === undefined ? {} : { [usernameTag]: username }) },
  };
  try {
    await storeRefreshToken(place, token, content, warn);
  } catch (error) {
    throw new ServiceError(
      `The new refresh token could not be stored in secret "${place.name}" (vault "${place.store.name}"), so nothing was ` +
        `changed; the old one still works. ${sentenceOf(error)}`,
      { outcome: 'refused', code: error instanceof ServiceError ? error.code : undefined },
    );
  }
}

/**
 * Stores a refresh token as the newest version, and disables the versions before it.
 * @returns when a person must sign in again, unless the token is used before
 * @throws ServiceError if it could not be stored; a version that could not be disabled is a warning
 */
export async function storeRefreshToken(
  { store, name }: RefreshTokenPlace,
  token: string,
  content: { readonly contentType: string; readonly tags: Readonly<Record<string, string>> },
  warn: (sentence: string) => void,
): Promise<Instant> {
  const expiresOn = Math.floor(store.now() / 1000) * 1000 + lifetime;
  const stored = await store.set(name, () => ({ value: token, expiresOn, ...content }));
  await disableSuperseded({ store, name }, stored.created, warn);
  return expiresOn;
}

/** Only what is older than one's own: a run that overlaps may have stored a newer one. */
async function disableSuperseded(
  { store, name }: RefreshTokenPlace,
  before: Instant,
  warn: (sentence: string) => void,
): Promise<void> {
  try {
    for (const version of await store.versions(name)) {
      if (version.enabled && version.created < before) await store.disable(name, version.id);
    }
  } catch (error) {
    warn(`An older version of secret "${name}" (vault "${store.name}") could not be disabled: ${sentenceOf(error)}`);
  }
}

function warnIfOld(
  expiresOn: Instant | undefined,
  place: RefreshTokenPlace,
  command: string,
  warn: (sentence: string) => void,
): void {
  const left = expiresOn === undefined ? undefined : expiresOn - place.store.now();
  if (left === undefined || left >= warnBefore) return;
  const days = Math.max(0, Math.round(left / day));
  warn(
    `The refresh token in secret "${place.name}" (vault "${place.store.name}") was last renewed long ago: ${days} days are ` +
      `left. Run more often, or sign in again with: ${command}`,
  );
}

/** What a person has to type to sign in for this secret. */
export function signInCommand({ authorityHost, tenantId, clientId, secret }: StoredSignIn): string {
  const host = authorityHost === defaultAuthorityHost ? '' : ` --authority-host ${authorityHost}`;
  return (
    `renew-pats sign-in --tenant-id ${tenantId} --client-id ${clientId} ` +
    `--refresh-token-secret ${secret.vaultUrl}/secrets/${secret.name}${host}`
  );
}

function where({ store, name }: RefreshTokenPlace): string {
  return `Secret "${name}" in vault "${store.name}"`;
}
