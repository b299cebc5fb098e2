import type { Instant } from '../renewal/instant.ts';
import { endOf, type Pat } from '../renewal/pat.ts';
import type { Mode } from '../renewal/policy.ts';
import type { StayReason } from '../renewal/retire.ts';

export type Action = 'extend' | 'replace' | 'copy' | 'revoke' | 'skip' | 'none';
export type EntryOutcome = 'done' | 'planned' | 'skipped' | 'failed';

/** What a run did about one PAT, or would do. */
export interface PatEntry {
  /** The family's plain name where one is meant, else the PAT's own. Untrusted text. */
  readonly displayName: string;
  readonly authorizationId: string;
  readonly action: Action;
  readonly outcome: EntryOutcome;
  readonly scope: string;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  readonly previousValidTo?: Instant;
  /** When the replaced PAT was made. Not part of report.json: the results tab draws it. */
  readonly previousValidFrom?: Instant;
  readonly newAuthorizationId?: string;
  /** The first place's name (`<vault>/<secret>`, `<project>/<group>/<variable>`, `<project>/<connection>`), or the output variable's. */
  readonly destination?: string;
  /** All places, and what came of each. */
  readonly destinations?: readonly PlaceOutcome[];
  /** When the PAT of `authorizationId` may be revoked. */
  readonly revokeAfter?: Instant;
  readonly message?: string;
  /** Why the PAT of `authorizationId` is not revoked; the message says it in words. Not part of report.json. */
  readonly stays?: StayReason;
  /** Failures of one cause are told once. Not part of report.json. */
  readonly cause?: string;
}

/** What came of one place of a PAT's value. */
export interface PlaceOutcome {
  /** Untrusted text. */
  readonly place: string;
  readonly outcome: EntryOutcome;
  readonly message?: string;
}

/** Whether its new value went to later steps of the job, and to no place: every place's name has a slash, no variable's has. */
export function isHandedOver({ action, outcome, destination }: PatEntry): boolean {
  return action === 'replace' && outcome !== 'failed' && destination !== undefined && !destination.includes('/');
}

/** The line of a PAT about which nothing is done. */
export function listed(pat: Pat): PatEntry {
  const { authorizationId, displayName, scope, validFrom } = pat;
  return { displayName, authorizationId, action: 'none', outcome: 'done', scope, validFrom, validTo: endOf(pat) };
}

export interface OrganizationReport {
  readonly organization: string;
  readonly pats: readonly PatEntry[];
  /** Plain names of active PATs that no rule selects, or one leaves out. Not part of report.json. Untrusted text. */
  readonly leftOut: readonly string[];
}

/** Everything that a run has to tell. Holds no secret value. */
export interface RunReport {
  readonly mode: Mode;
  readonly dryRun: boolean;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly organizations: readonly OrganizationReport[];
  /** The service account, as a person knows it, or its id. Untrusted text. */
  readonly account: string;
  /** What goes wrong by itself unless a person acts; one for each cause, the most urgent first. */
  readonly warnings: readonly string[];
  /** What is good to know. */
  readonly notices: readonly string[];
  /** Organizations that could not be read, and why. */
  readonly unreachable: readonly { readonly organization: string; readonly message: string }[];
  /** The earliest end of the current PATs after the run. */
  readonly nextExpiry: Instant | undefined;
  /** By `failDays`: what is in use and ends so soon that the step fails, the first to end first. Untrusted text. */
  readonly endingTooSoon: readonly string[];
  /** Why nothing could be done at all: the sign-in failed, say. */
  readonly failure?: string;
}

export interface Counts {
  readonly renewed: number;
  readonly revoked: number;
  readonly skipped: number;
  readonly failed: number;
}

export function countsOf(report: RunReport): Counts {
  const entries = report.organizations.flatMap((organization) => organization.pats);
  const count = (wanted: (entry: PatEntry) => boolean) => entries.filter(wanted).length;
  return {
    renewed: count(({ action, outcome }) => outcome === 'done' && (action === 'extend' || action === 'replace')),
    revoked: count(({ action, outcome }) => outcome === 'done' && action === 'revoke'),
    skipped: count(({ outcome }) => outcome === 'skipped'),
    failed: count(({ outcome }) => outcome === 'failed'),
  };
}

/** What a dry run would do. */
export function plannedOf(report: RunReport): Pick<Counts, 'renewed' | 'revoked'> {
  const planned = report.organizations.flatMap(({ pats }) => pats).filter(({ outcome }) => outcome === 'planned');
  return {
    renewed: planned.filter(({ action }) => action === 'extend' || action === 'replace').length,
    revoked: planned.filter(({ action }) => action === 'revoke').length,
  };
}

/** Whether anything but what failed was looked at. */
export function hasHandledOthers({ organizations }: RunReport): boolean {
  return organizations.some(({ pats }) => pats.some(({ outcome }) => outcome !== 'failed'));
}

/** Whether no organization could be read. */
export function isNothingReached({ unreachable, organizations }: RunReport): boolean {
  return unreachable.length > 0 && organizations.length === 0;
}

/** A step fails when any PAT failed or was refused, when any organization could not be read, or by `failDays`. */
export function hasFailed(report: RunReport): boolean {
  const { failure, unreachable, endingTooSoon } = report;
  return failure !== undefined || unreachable.length > 0 || countsOf(report).failed > 0 || endingTooSoon.length > 0;
}

export type StepResult = 'Succeeded' | 'SucceededWithIssues' | 'Failed';

export function resultOf(report: RunReport): StepResult {
  if (hasFailed(report)) return 'Failed';
  return report.warnings.length > 0 ? 'SucceededWithIssues' : 'Succeeded';
}

/** The report of a run that never began, and why. */
export function neverBegun(
  failure: string,
  now: Instant,
  asked: Pick<RunReport, 'mode' | 'dryRun' | 'account'> = { mode: 'report', dryRun: false, account: '' },
): RunReport {
  return {
    ...asked,
    startedAt: now,
    finishedAt: now,
    organizations: [],
    warnings: [],
    notices: [],
    unreachable: [],
    nextExpiry: undefined,
    endingTooSoon: [],
    failure,
  };
}
