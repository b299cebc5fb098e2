import type { Instant } from '../renewal/instant.ts';
import type { Log, Occupant, Owner } from '../renewal/log.ts';
import type { Pat } from '../renewal/pat.ts';
import type { ServiceError } from '../services/service-error.ts';

/**
 * Where a PAT's value goes. A destination gives evidence and carries out; it decides nothing: the rules are in
 * `renewal/`.
 */
export interface Place {
  /** What collides has the same key: names that differ in case only are one. */
  readonly key: string;
  /** The vault or document that it is in: the trouble of one says nothing about another. */
  readonly store: string;
  /** For people and the report: `contoso-vault/Build-feed`, `Tools/feeds/PAT_BUILD_FEED`, `Tools/feed`. Untrusted text. */
  readonly label: string;
  /** As sentences call it: `secret contoso-vault/Build-feed`. Untrusted text. */
  readonly phrase: string;
  /** Whether its value can be read back, so that other places can follow it. */
  readonly isReadable: boolean;
  /**
   * Looks at what stands there; writes nothing.
   * @throws ServiceError: it could not be read, or nothing can be delivered there (the sentence says why, and what to do)
   */
  readonly look: (looking: Looking) => Promise<Sight>;
}

export interface Looking {
  readonly owner: Owner;
  /** Whether a value without a record may have to be replaced in this run: then it is looked at more closely. */
  readonly isAdopting: boolean;
  /** Whether something that the task has not put there may be replaced although nobody can read it. */
  readonly takeOver: boolean;
  /** Whether a value is another identity's living PAT; asked before one without a record is replaced. */
  readonly isAnothers: (value: string) => Promise<boolean>;
}

/** One look at a place, and what can be done from there. */
export interface Sight {
  /** The place itself, by whatever name it was reached: a group or a connection that projects share has one in each of them. */
  readonly key: string;
  readonly log: Log;
  readonly occupant: Occupant;
  /** Until when the recorded value works, as the place says; undefined: it does not say. */
  readonly recordedEnd: Instant | undefined;
  /** Why a value cannot be delivered here although the place could be read, as a sentence; undefined: nothing is known against it. */
  readonly obstacle: string | undefined;
  /** Someone else's change since the last delivery: it stands in the way of revocations. */
  readonly edit: { readonly by: string; readonly at: Instant } | undefined;
  /** The place's own time, in milliseconds since 1970. */
  readonly now: () => Instant;
  /** Whether the place has told its time at all. */
  readonly tellsTime: () => boolean;
  /** What the log would be after a delivery now: for dry runs. */
  readonly preview: (parcel: Pick<Parcel, 'pat' | 'familyName' | 'others'>) => Log;
  readonly deliver: (parcel: Parcel) => Promise<Delivered>;
  /** Whether the place still is as it was looked at: the same record, by the same hand. @throws ServiceError */
  readonly isUnchanged: () => Promise<boolean>;
  /** Asks whether the place takes writes, and changes nothing. @throws ServiceError if not */
  readonly checkWritable?: () => Promise<void>;
  /** Lets the recorded end follow the PAT's; true if something had to be written. @throws ServiceError */
  readonly follow?: (end: Instant) => Promise<boolean>;
  /** Makes entries that hold dead values unreadable; never the one that is served. @throws ServiceError */
  readonly discard?: (keys: readonly string[]) => Promise<void>;
  /** The value that is served; it has been registered as a secret. @throws ServiceError */
  readonly read?: () => Promise<string>;
}

/** A value on its way to a place. */
export interface Parcel {
  readonly pat: Pat;
  readonly token: string;
  /** The family's plain name. */
  readonly familyName: string;
  /** All other active members of the family: what this delivery supersedes. */
  readonly others: readonly Pat[];
  /**
   * Runs before each attempt, and after each answer with the time that the answer tells. @throws ServiceError `unsent`
   * when more than 30 minutes have passed since the PAT was made
   */
  readonly checkTime: (told?: Instant) => void;
  /** Whether a record that appeared meanwhile names an active PAT of the family younger than the parcel's: then it stays. @throws ServiceError */
  readonly isOutrankedBy: (authorizationId: string) => Promise<boolean>;
}

/** What came of a delivery. An answer that got lost is not a "no". */
export type Delivered =
  | { readonly kind: 'delivered'; readonly at: Instant; readonly after: Sight }
  /** Nothing arrived: nothing was sent, or every attempt was definitely refused. */
  | { readonly kind: 'refused'; readonly error: ServiceError }
  | { readonly kind: 'unknown'; readonly error: ServiceError }
  /** Another run was faster: its younger PAT stands there, and nothing was sent. */
  | { readonly kind: 'outranked'; readonly by: string };
