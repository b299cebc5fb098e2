import type { Instant } from '../renewal/instant.ts';
import { type RefreshTokenPlace, refreshTokenContentType, usernameTag } from './refresh-token.ts';

/** What the vault tells of a stored sign-in, without the token. */
export type StoredSignInState =
  | { readonly kind: 'none' }
  /** The secret is there, and holds something that no sign-in has stored. */
  | { readonly kind: 'other content' }
  | { readonly kind: 'disabled' }
  | {
      readonly kind: 'stored';
      readonly username: string | undefined;
      readonly storedOn: Instant;
      readonly expiresOn: Instant | undefined;
    };

/** Looks at the properties of the secret's newest version; reads no value. @throws ServiceError */
export async function lookUpSignIn({ store, name }: RefreshTokenPlace): Promise<StoredSignInState> {
  const versions = await store.versions(name);
  // Two of one second: the one that was superseded is disabled.
  const [newest] = [...versions].sort((a, b) => b.created - a.created || Number(b.enabled) - Number(a.enabled));
  if (newest === undefined) return { kind: 'none' };
  if (!newest.enabled) return { kind: 'disabled' };
  if (newest.contentType !== refreshTokenContentType) return { kind: 'other content' };
  const { tags, created, expiresOn } = newest;
  return { kind: 'stored', username: tags[usernameTag], storedOn: created, expiresOn };
}
