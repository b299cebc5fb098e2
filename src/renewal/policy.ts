/** What a run is asked to do with the PATs. */
export type Mode = 'simple' | 'advanced' | 'revoke' | 'report';

/** What the inputs ask of a renewal; the part of the settings that decisions hang on. */
export interface RenewalPolicy {
  /** Whole days, 1 to 365. */
  readonly lifetimeDays: number;
  /** Renew what ends within so many days; undefined: renew on every run. */
  readonly renewBeforeDays: number | undefined;
  /** Grace before a superseded PAT is revoked, in hours; 0: as soon as the new value is delivered. */
  readonly revokeAfterHours: number;
  readonly includeExpired: boolean;
  readonly allOrgs: 'keep' | 'false' | 'true';
}
