/**
 * What a run hands to the results tab: report.json, and what its time lines need besides. Holds no secret value. Times
 * are ISO 8601 UTC. The tab and the engine share these types and nothing else, so this file imports nothing.
 */
export interface AttachedReport {
  readonly version: number;
  readonly mode: string;
  readonly dryRun: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly organizations: readonly { readonly organization: string; readonly pats: readonly AttachedPat[] }[];
  /** Job and step, where several of them ran in one build. */
  readonly source: string;
  readonly nextExpiry?: string | undefined;
  readonly warnings: readonly string[];
  readonly unreachable: readonly { readonly organization: string; readonly message: string }[];
  /** Why nothing could be done at all. */
  readonly failure?: string | undefined;
}

export interface AttachedPat {
  readonly displayName: string;
  readonly authorizationId: string;
  readonly action: string;
  readonly outcome: string;
  readonly scope: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly previousValidTo?: string | undefined;
  readonly newAuthorizationId?: string | undefined;
  readonly destination?: string | undefined;
  readonly revokeAfter?: string | undefined;
  readonly message?: string | undefined;
  /** What the line is about: `failed`, `expired`, `ends soon`, `changed`, `leaving`, `left`, `in use`, `history`. */
  readonly matter: string;
  /** What was done, in a word or two: `replaced`. */
  readonly done: string;
  /** When the replaced PAT was made. */
  readonly previousValidFrom?: string | undefined;
  /** When the PAT of `authorizationId` got a successor. */
  readonly supersededAt?: string | undefined;
}
