import type { Instant } from '../renewal/instant.ts';
import { type Interaction, signInByHand } from '../services/entra.ts';
import type { NewestSecret, SecretStore } from '../services/secret-store.ts';
import { ServiceError } from '../services/service-error.ts';
import type { FirstSignInSettings } from '../settings/sign-in.ts';
import { openVaultAs, openVaultWith, type VaultSurroundings } from './open-vault.ts';
import { refreshTokenContentType, storeRefreshToken, usernameTag } from './refresh-token.ts';

export interface StoredFirstSignIn {
  readonly username: string | undefined;
  readonly vault: string;
  readonly secret: string;
  /** Until then a run must have used the token, or a person must sign in again. */
  readonly expiresOn: Instant;
  readonly warnings: readonly string[];
}

/**
 * A person signs in as the service account, second factor and all; the refresh token goes into the vault and nowhere else.
 * @param replace also store it where the secret holds something that is not known to be a refresh token
 * @throws ServiceError nothing has been stored then
 */
export async function signInOnce(
  settings: FirstSignInSettings,
  surroundings: VaultSurroundings,
  interaction: Interaction,
  replace: boolean,
): Promise<StoredFirstSignIn> {
  const { connection, secret, username: expected } = settings;
  const who = expected === undefined ? 'the account' : `account ${expected}`;
  const signedIn = await signInByHand(surroundings, { ...settings, who }, interaction);
  const { username, refreshToken } = signedIn;
  if (expected !== undefined && username?.toLowerCase() !== expected.toLowerCase()) {
    throw new ServiceError(
      `${username ?? 'An account without a name'} has signed in, and ${expected} was expected, so nothing was stored. Sign in as ` +
        `${expected}; a private window of the browser helps where it remembers another account.`,
      { outcome: 'refused', code: 'OtherAccount' },
    );
  }
  if (refreshToken === undefined) {
    throw new ServiceError(
      `Entra gave no refresh token for the app ${settings.clientId}, so there is nothing to store. Check the input clientId: ` +
        'the app must be a public client (Authentication, "Allow public client flows").',
      { outcome: 'refused', code: 'NoRefreshToken' },
    );
  }
  const store =
    connection === undefined
      ? await openVaultWith(surroundings, secret.vaultUrl, signedIn.session, username ?? 'the account')
      : await openVaultAs(surroundings, secret.vaultUrl, connection, settings.authorityHost);
  const before = await store.newest(secret.name);
  if (!replace) refuseOtherContent(before, store, secret.name);
  const warnings: string[] = [];
  const content = {
    contentType: refreshTokenContentType,
    tags: { ...tagsOf(before), ...(username === undefined ? {} : { [usernameTag]: username }) },
  };
  const expiresOn = await storeRefreshToken({ store, name: secret.name }, refreshToken, content, (sentence) =>
    warnings.push(sentence),
  );
  return { username, vault: store.name, secret: secret.name, expiresOn, warnings };
}

/** A mistyped name must not hide a password that something else reads. */
function refuseOtherContent(before: NewestSecret, store: SecretStore, name: string): void {
  if (before.kind !== 'read' || before.version.contentType === refreshTokenContentType) return;
  throw new ServiceError(
    `Secret "${name}" in vault "${store.name}" holds something that this command has not stored there, so nothing was ` +
      'changed. Name another secret, or add --replace if it may be replaced.',
    { outcome: 'refused', code: 'OtherContent' },
  );
}

function tagsOf(before: NewestSecret): Readonly<Record<string, string>> {
  return before.kind === 'read' ? before.version.tags : {};
}
