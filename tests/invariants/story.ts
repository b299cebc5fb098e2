import type { Mode, RenewalPolicy } from '../../src/renewal/policy.ts';

export type PlaceKind = 'vault' | 'group' | 'connection';

/** A schedule drawn from a seed: what happens to a service account's PATs over days. */
export interface Story {
  /** Where the values of both families go; nowhere: they are handed over to a step that stores them. */
  readonly places: readonly PlaceKind[];
  readonly start: Start;
  readonly chapters: readonly Chapter[];
}

export interface Start {
  /** The places of the first family hold the PAT's own value already; its secret has a person's tags, too. */
  readonly holdsValue: boolean;
  /** How many PATs share the first name. */
  readonly sameNamed: 1 | 2;
  /** A further PAT of the first name that is valid in all organizations, or in two that are named. */
  readonly shared: 'none' | 'all' | 'two';
  /** What else there is of the first name. */
  readonly old: 'nothing' | 'expired' | 'marked as new' | 'marked as superseded';
  /** An expired PAT whose secret would be the first family's. */
  readonly expiredTwin: boolean;
  /** Undocumented behaviour of the services, played both ways. */
  readonly earlierSetWinsTie: boolean;
  readonly scopesReordered: boolean;
  readonly narrowScopes: boolean;
  readonly listsLag: boolean;
  readonly emptyModifiedBy: boolean;
  readonly brokenWrite: 'nothing' | 'secretsOnly' | 'plainOnly';
  /** A policy of the tenant cuts every end to 20 days after the creation. */
  readonly shortLives: boolean;
  /** So many PATs that the service lists them on two pages. */
  readonly crowded: boolean;
  readonly clocks: 'one' | 'vault ahead' | 'vault behind' | 'agent ahead' | 'no Date, agent ahead';
}

export const usualStart: Start = {
  holdsValue: false,
  sameNamed: 1,
  shared: 'none',
  old: 'nothing',
  expiredTwin: false,
  earlierSetWinsTie: false,
  scopesReordered: false,
  narrowScopes: false,
  listsLag: false,
  emptyModifiedBy: false,
  brokenWrite: 'nothing',
  shortLives: false,
  crowded: false,
  clocks: 'one',
};

export type Chapter =
  | { readonly kind: 'time passes'; readonly hours: number }
  | ({ readonly kind: 'a person acts' } & PersonsDeed)
  /** One job, or several at once. `order` decides whose call is next and how long it takes. */
  | {
      readonly kind: 'runs';
      readonly runs: readonly RunPlan[];
      readonly order: readonly number[];
      readonly deeds: readonly TimedDeed[];
    };

export interface PersonsDeed {
  readonly deed: Deed;
  /** To which family; absent: the first. */
  readonly toSecond?: boolean;
}

export interface TimedDeed extends PersonsDeed {
  /** Before which remote call of the chapter, counted from 0. */
  readonly beforeCall: number;
}

/** A step with the task, and what its job does with what it hands over. */
export interface RunPlan {
  readonly mode: Mode;
  readonly policy: Pick<RenewalPolicy, 'lifetimeDays' | 'renewBeforeDays' | 'revokeAfterHours' | 'includeExpired'>;
  readonly concurrency: 1 | 4;
  readonly faults: readonly TimedFault[];
  /** Absent: no. */
  readonly dryRun?: boolean;
  readonly takeOver?: boolean;
  /** What meets the further attempts of a step that failed or died; absent: there are none. */
  readonly retries?: readonly (readonly TimedFault[])[];
  /** The step that stores what was handed over; absent: it stores. */
  readonly store?: 'fails' | 'never runs';
  /** The step after it that confirms, with mode revoke. */
  readonly confirm?: Confirmation;
}

export interface Confirmation {
  readonly faults: readonly TimedFault[];
  /** How long after the value was stored. */
  readonly hours: number;
}

export interface TimedFault {
  /** At which remote call of the run, counted from 0. */
  readonly atCall: number;
  readonly fault: FaultKind;
  /** For so many calls in a row: every attempt of a call that is repeated fails. */
  readonly times: 1 | 4;
}

export type FaultKind =
  /** The process dies before the request is sent. */
  | 'killed before'
  /** The request takes effect, and the process dies before it has the answer. */
  | 'killed after'
  /** It takes effect, and the answer is lost. */
  | 'answer lost'
  /** The connection breaks before it takes effect; the process cannot tell. */
  | 'request lost'
  | 'throttled'
  | 'server error, not done'
  | 'server error, done'
  /** A write of a document: of the value and the record beside it only one is stored. Elsewhere: not done. */
  | 'torn'
  /** A write of a document is answered with an error, and carried out later. Elsewhere: not done. */
  | 'late'
  | 'sign-in page'
  | 'refused'
  /** It takes 35 minutes. */
  | 'very slow'
  /** It breaks after 35 minutes, without effect, and the agent's clock is set back meanwhile. */
  | 'lost slowly, clock set back'
  /** The machine sleeps for 13 hours before it has the answer: its monotonic clock stands still. */
  | 'asleep'
  /** The job is cancelled at this call. */
  | 'cancelled';

/** What people do meanwhile. Those that DESIGN leaves open (renaming managed PATs, say) are not here. */
export type Deed =
  | 'sets a value of another PAT by hand'
  | 'makes a PAT of the same name and stores it by hand'
  | 'makes a PAT of the same name'
  | 'revokes the PAT in use'
  | 'revokes some PAT of the family'
  | 'revokes the newest PAT'
  | 'puts an older value back'
  | 'stores something else by hand'
  | 'disables the newest version'
  | 'deletes the secret'
  | 'recovers the secret'
  | 'takes the tags off'
  | 'adds tags'
  | 'copies the tags onto another value'
  | 'copies the tags onto an older value at once'
  | 'restores the vault from a backup'
  | 'closes the vault'
  | 'opens the vault'
  | 'makes the oldest PAT valid in all organizations'
  | 'renames the oldest PAT'
  | 'gives the PAT in use other scopes'
  | 'gives the PAT in use another name'
  | 'opens the page of the document'
  | 'saves the page that was opened'
  | 'pastes an older value into the document'
  | 'wipes the record beside the value'
  | 'edits something else in the document';
