import type { Instant } from '../renewal/instant.ts';
import { endOf, type Pat } from '../renewal/pat.ts';
import type { Mode } from '../settings/settings.ts';

export type Action = 'extend' | 'replace' | 'revoke' | 'skip' | 'none';
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
  /** `<vault>/<secret>`, or the output variable's name. */
  readonly destination?: string;
  /** When the PAT of `authorizationId` may be revoked. */
  readonly revokeAfter?: Instant;
  readonly message?: string;
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
  /** One for each thing that a person should look at. */
  readonly warnings: readonly string[];
  /** Organizations that could not be read, and why. */
  readonly unreachable: readonly { readonly organization: string; readonly message: string }[];
  /** The earliest end of the current PATs after the run. */
  readonly nextExpiry: Instant | undefined;
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
    renewed: planned.filter(({ action }) => action !== 'revoke').length,
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

/** A step fails when any PAT failed or was refused, or when every organization did. */
export function hasFailed(report: RunReport): boolean {
  return report.failure !== undefined || isNothingReached(report) || countsOf(report).failed > 0;
}
