import { type Instant, toIso } from '../renewal/instant.ts';
import { readMarker } from '../renewal/marker.ts';
import { scopeSet } from '../renewal/pat.ts';
import { type ReportDocument, type ReportedPat, reportDocument, reportedPat } from './json.ts';
import type { PatEntry, RunReport } from './run-report.ts';
import { leavesAt } from './words.ts';

/** Type of the attachment that the results tab looks for. */
export const attachmentType = 'renew-pats-report';

/** What a run hands to the results tab: report.json, and what its time lines need besides. Holds no secret value. */
export interface ReportAttachment extends Omit<ReportDocument, 'organizations'> {
  readonly organizations: readonly { readonly organization: string; readonly pats: readonly AttachedPat[] }[];
  /** Job and step, where several of them ran in one build. */
  readonly source: string;
  readonly warnDays: number;
  readonly nextExpiry: string | undefined;
  readonly warnings: readonly string[];
  readonly unreachable: RunReport['unreachable'];
  readonly failure: string | undefined;
}

/** Times in ISO 8601 UTC. */
export interface AttachedPat extends ReportedPat {
  readonly previousValidFrom: string | undefined;
  /** When the PAT of `authorizationId` got a successor. */
  readonly supersededAt: string | undefined;
}

export function reportAttachment(
  report: RunReport,
  of: { readonly warnDays: number; readonly source: string },
): string {
  const attachment: ReportAttachment = {
    ...reportDocument(report),
    organizations: report.organizations.map(({ organization, pats }) => ({
      organization,
      pats: attachedPats(pats),
    })),
    source: of.source,
    warnDays: of.warnDays,
    nextExpiry: iso(report.nextExpiry),
    warnings: report.warnings,
    unreachable: report.unreachable,
    failure: report.failure,
  };
  return JSON.stringify(attachment);
}

function attachedPats(pats: readonly PatEntry[]): readonly AttachedPat[] {
  const families = new Map<string, PatEntry[]>();
  for (const entry of pats) families.set(familyOf(entry), [...(families.get(familyOf(entry)) ?? []), entry]);
  return pats.map((entry) => ({
    ...reportedPat(entry),
    previousValidFrom: iso(entry.previousValidFrom),
    supersededAt: iso(supersededAt(entry, families.get(familyOf(entry)) ?? [])),
  }));
}

function familyOf(entry: PatEntry): string {
  return JSON.stringify([readMarker(entry.displayName).plain, scopeSet(entry.scope)]);
}

/** A successor is delivered right after it is made, so the creation of the next one is when this one was superseded. */
function supersededAt(entry: PatEntry, family: readonly PatEntry[]): Instant | undefined {
  if (entry.action === 'replace' && entry.newAuthorizationId !== undefined) return entry.validFrom;
  if (entry.action !== 'revoke' && leavesAt(entry) === undefined) return undefined;
  const later = family.map(({ validFrom }) => validFrom).filter((made) => made > entry.validFrom);
  return later.length === 0 ? undefined : Math.min(...later);
}

function iso(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : toIso(instant);
}
