import { type Instant, toIso } from '../renewal/instant.ts';
import { readMarker } from '../renewal/marker.ts';
import { scopeSet } from '../renewal/pat.ts';
import type { AttachedPat, AttachedReport } from './attachment-format.ts';
import { reportDocument, reportedPat } from './json.ts';
import { isHandedOver, type PatEntry, type RunReport } from './run-report.ts';
import { deedOrEnd, leavesAt, matterOf } from './words.ts';

/** Type of the attachment that the results tab looks for. */
export const attachmentType = 'renew-pats-report';

/** Tag of the runs in which the task ran: the project's page finds them by it. */
export const runTag = 'renew-pats';

/** What the run's report does not know of the step that it tells of. */
export interface ReportedStep {
  readonly warnDays: number;
  readonly renewBeforeDays?: number | undefined;
  /** Job and step, for people. */
  readonly source: string;
  /** The same in each attempt of the step, and in no other step of the pipeline. */
  readonly step?: string | undefined;
}

export function reportAttachment(report: RunReport, from: ReportedStep): string {
  const attachment: AttachedReport = {
    ...reportDocument(report),
    organizations: report.organizations.map(({ organization, pats }) => ({
      organization,
      pats: attachedPats(pats, report.finishedAt, from.warnDays),
    })),
    ...from,
    nextExpiry: iso(report.nextExpiry),
    warnings: report.warnings,
    notices: report.notices,
    endingTooSoon: report.endingTooSoon,
    unreachable: report.unreachable,
    failure: report.failure,
  };
  return JSON.stringify(attachment);
}

function attachedPats(pats: readonly PatEntry[], now: Instant, warnDays: number): readonly AttachedPat[] {
  const families = new Map<string, PatEntry[]>();
  for (const entry of pats) families.set(familyOf(entry), [...(families.get(familyOf(entry)) ?? []), entry]);
  return pats.map((entry) => ({
    ...reportedPat(entry),
    matter: matterOf(entry, now, warnDays),
    done: deedOrEnd(entry, now, warnDays).toLowerCase(),
    cause: entry.cause,
    previousValidFrom: iso(entry.previousValidFrom),
    supersededAt: iso(supersededAt(entry, families.get(familyOf(entry)) ?? [])),
    revokeAfter: iso(entry.revokeAfter ?? leavesAt(entry)),
  }));
}

function familyOf(entry: PatEntry): string {
  return JSON.stringify([readMarker(entry.displayName).plain, scopeSet(entry.scope)]);
}

/**
 * A successor is delivered right after it is made, so the creation of the next one is when this one was superseded; one that
 * was handed over supersedes nothing before it is confirmed.
 */
function supersededAt(entry: PatEntry, family: readonly PatEntry[]): Instant | undefined {
  if (isHandedOver(entry)) return undefined;
  if (entry.action === 'replace' && entry.outcome !== 'failed') return entry.validFrom;
  if (entry.action !== 'revoke' && leavesAt(entry) === undefined) return undefined;
  const later = family.map(({ validFrom }) => validFrom).filter((made) => made > entry.validFrom);
  return later.length === 0 ? undefined : Math.min(...later);
}

function iso(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : toIso(instant);
}
