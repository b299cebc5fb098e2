/**
 * What a run hands to the results tab and to the project's page: report.json, and what their time lines need besides.
 * Holds no secret value. Times are ISO 8601 UTC. The pages and the engine share these types and nothing else, so this file
 * imports nothing. What is optional here was not written by every version of the task: readers live without it.
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
  /** Which step of the pipeline this was: the same in each attempt, and in each run. */
  readonly step?: string | undefined;
  /** The service account, by its name. */
  readonly account?: string | undefined;
  /** Within so many days an end is near. */
  readonly warnDays?: number | undefined;
  /** Within so many days before its end a PAT is renewed; absent: on every run. */
  readonly renewBeforeDays?: number | undefined;
  readonly nextExpiry?: string | undefined;
  readonly warnings: readonly string[];
  /** What is merely good to know. */
  readonly notices?: readonly string[] | undefined;
  /** What ends so soon that the step failed by `failDays`. */
  readonly endingTooSoon?: readonly string[] | undefined;
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
  /** The first place where its value stands. */
  readonly destination?: string | undefined;
  /** All of them. */
  readonly destinations?: readonly AttachedDestination[] | undefined;
  readonly revokeAfter?: string | undefined;
  readonly message?: string | undefined;
  /** What the line is about: `failed`, `expired`, `ends soon`, `changed`, `leaving`, `left`, `in use`, `history`. */
  readonly matter: string;
  /** What was done, in a word or two: `replaced`. */
  readonly done: string;
  /** What failed by the same one is told once. */
  readonly cause?: string | undefined;
  /** When the replaced PAT was made. */
  readonly previousValidFrom?: string | undefined;
  /** When the PAT of `authorizationId` got a successor. */
  readonly supersededAt?: string | undefined;
}

export interface AttachedDestination {
  /** `<vault>/<secret>`, `<project>/<group>/<variable>`, `<project>/<connection>`, or the output variable's name. */
  readonly place: string;
  readonly outcome: string;
  readonly message?: string | undefined;
}
