import type { Instant } from '../renewal/instant.ts';

/** One version of a secret, without its value. */
export interface SecretVersion {
  readonly id: string;
  /** Whole seconds, as Key Vault keeps them. */
  readonly created: Instant;
  readonly enabled: boolean;
  readonly expiresOn: Instant | undefined;
  readonly contentType: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Key Vault keeps it for a certificate of the same name: its value is nobody's to replace. Absent: no. */
  readonly managed?: boolean;
  /** The vault may refuse to give the value before this instant. Absent: at once. */
  readonly notBefore?: Instant;
}

/** A place of versioned secrets with tags: what the engine needs of Key Vault. All calls throw ServiceError. */
export interface SecretStore {
  /** The vault’s name, for people. */
  readonly name: string;
  /** In no particular order; empty if there is no such secret. Values are not read. */
  readonly versions: (secret: string) => Promise<readonly SecretVersion[]>;
  readonly newest: (secret: string) => Promise<NewestSecret>;
  readonly version: (secret: string, id: string) => Promise<NewestSecret>;
  /**
   * Makes a new version with everything in one call. Repeating is harmless (two versions of one PAT).
   * @param contentOf runs before each attempt: gives what that attempt stores, or throws when it is too late
   */
  readonly set: (secret: string, contentOf: () => SecretContent) => Promise<SecretVersion>;
  /** Changes this one property, and keeps the others. */
  readonly setExpiry: (secret: string, id: string, expiresOn: Instant) => Promise<void>;
  /** Asks whether the secret takes writes, by an update of this version that repeats what it has. */
  readonly checkWritable: (secret: string, version: SecretVersion) => Promise<void>;
  readonly disable: (secret: string, id: string) => Promise<void>;
  /** The vault’s time. */
  readonly now: () => Instant;
  /** False while no answer of its own has told it: `now` is another clock's then, and nothing may be revoked by it. */
  readonly tellsTime: () => boolean;
}

export interface SecretContent {
  readonly value: string;
  readonly contentType: string;
  readonly expiresOn: Instant | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export type NewestSecret =
  | { readonly kind: 'none' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'read'; readonly version: SecretVersion; readonly value: string };
