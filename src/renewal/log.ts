import type { Instant } from './instant.ts';

/** What stands beside a value: which PAT's it is, whose, and when it was put there by the writer's clock. */
export interface Claim {
  /** In lower case. */
  readonly authorizationId: string;
  /** Id of the service account, as `connectionData` gives it. */
  readonly account: string;
  readonly organization: string;
  readonly displayName: string;
  readonly at: Instant;
}

/** Somebody stood at a place from a certain time on. */
export interface LogEntry {
  /** Tells the entries of one place apart: a version's id, say. */
  readonly key: string;
  /** When it came to be, by the place's own clock. */
  readonly at: Instant;
  /** Whether consumers can be given it: a version that is disabled is not. */
  readonly isServed: boolean;
  /** What was written beside the value, if anything was. */
  readonly claim: Claim | undefined;
  /** Whether the claim certainly is about this value: tags that were copied by hand, or an edit of others, are not. */
  readonly isProven: boolean;
  /**
   * Since when it has stood in the place of certain PATs (ids in lower case), where that is longer than since `at`: a place
   * without versions hands this down from delivery to delivery, or daily ones would begin the grace anew for ever.
   */
  readonly since?: ReadonlyMap<string, Instant>;
}

/** What a place remembers of deliveries, oldest first. */
export type Log = readonly LogEntry[];

/** Who may call an entry its own. */
export interface Owner {
  readonly account: string;
  readonly organization: string;
}

/**
 * Whether the claim is this account's in this organization. A record of the account that names a PAT which the
 * organization lists is its own, whatever the organization was called then.
 * @param isListed whether this organization lists the PAT
 */
export function isOwn(claim: Claim, owner: Owner, isListed: (authorizationId: string) => boolean): boolean {
  if (claim.account.toLowerCase() !== owner.account.toLowerCase()) return false;
  return claim.organization.toLowerCase() === owner.organization.toLowerCase() || isListed(claim.authorizationId);
}

/** Ties count as "not newer", except for the newest entry, which counts as newer than all others. */
export function isNewer(log: Log, entry: LogEntry, than: LogEntry): boolean {
  if (entry.key === than.key) return false;
  return entry.at > than.at || entry.key === log.at(-1)?.key;
}

/** What consumers are given at a place. */
export type Occupant =
  | { readonly kind: 'nothing' }
  /** The task's own record stands there: this account's, or another's. */
  | { readonly kind: 'delivered'; readonly claim: Claim }
  /** Consumers read nothing: the newest version is disabled. */
  | { readonly kind: 'disabled'; readonly claim: Claim | undefined }
  /** A value without a record. */
  | {
      readonly kind: 'unrecorded';
      readonly value: UnrecordedValue;
      /** How often somebody has put this very value back on top of the task's deliveries. Absent: it is not known to be an old one. */
      readonly putBack?: number;
    };

/**
 * What is known of a value that the task did not put there. `pat`: it has the shape of one, and is nobody else's living
 * PAT. `unknown`: nobody may look, or nobody has looked in this mode.
 */
export type UnrecordedValue =
  | 'pat'
  | 'other'
  | 'another identity’s'
  | 'managed'
  | 'unreadable'
  | 'not readable by anybody'
  | 'unknown';
