import type { Mode, RenewalPolicy } from '../../src/renewal/policy.ts';

/** A schedule drawn from a seed: what happens to a service account's PATs over days. */
export interface Story {
  readonly destination: 'vault' | 'variables';
  readonly start: Start;
  readonly chapters: readonly Chapter[];
}

export interface Start {
  /** The secret of the first family exists already, with the PAT's own value and a person's tags. */
  readonly secretExists: boolean;
  /** How many PATs share the first name. */
  readonly sameNamed: 1 | 2;
  readonly hasGlobal: boolean;
  /** Undocumented behaviour of the services, played both ways. */
  readonly earlierSetWinsTie: boolean;
  readonly scopesReordered: boolean;
  readonly narrowScopes: boolean;
  /** A policy of the tenant cuts every end to 20 days after the creation. */
  readonly shortLives: boolean;
  /** So many PATs that the service lists them on two pages. */
  readonly crowded: boolean;
}

export type Chapter =
  | { readonly kind: 'time passes'; readonly hours: number }
  | { readonly kind: 'a person acts'; readonly deed: Deed }
  /** One run, or several at once. `order` decides whose call is next and how long it takes. */
  | {
      readonly kind: 'runs';
      readonly runs: readonly RunPlan[];
      readonly order: readonly number[];
      readonly deeds: readonly TimedDeed[];
    };

export interface TimedDeed {
  /** Before which remote call of the chapter, counted from 0. */
  readonly beforeCall: number;
  readonly deed: Deed;
}

export interface RunPlan {
  readonly mode: Exclude<Mode, 'report'>;
  readonly policy: Pick<RenewalPolicy, 'lifetimeDays' | 'renewBeforeDays' | 'revokeAfterHours' | 'includeExpired'>;
  readonly concurrency: 1 | 4;
  readonly faults: readonly TimedFault[];
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
  | 'sign-in page'
  | 'refused'
  /** It takes 35 minutes. */
  | 'very slow'
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
  | 'closes the vault'
  | 'opens the vault';
