import { type Instant, second } from '../renewal/instant.ts';
import type { OrganizationReport, PatEntry, RunReport } from './run-report.ts';
import { dateAndTimeLeft, dateOf, shortDate } from './time-left.ts';
import { deedOrEnd, leavesAt, type Matter, matterOf, matters } from './words.ts';

/** One PAT as a log and a summary tell of it. Nothing is escaped yet. */
export interface ReportLine {
  readonly entry: PatEntry;
  readonly matter: Matter;
  /** The display name; with the start of its id, or ids, where one organization has several of that name. */
  readonly name: string;
  readonly done: string;
  /** `2026-12-03 -> 2027-01-22 (in 60 days)` */
  readonly ends: string;
  /** What comes next, or why it was left. */
  readonly note: string;
  /** The message stands among the warnings, or the failures, as well. */
  readonly isToldElsewhere: boolean;
}

/** An organization's PATs: first what needs attention, then what changed, then the rest; each by its end. */
export function linesOf({ pats }: OrganizationReport, report: RunReport, warnDays: number): readonly ReportLine[] {
  const now = report.finishedAt;
  const times = new Map<string, number>();
  for (const { displayName } of pats) times.set(displayName, (times.get(displayName) ?? 0) + 1);
  const warns = warningsThatSay(report);
  return pats
    .map((entry): ReportLine => {
      const matter = matterOf(entry, now, warnDays);
      const isOne = times.get(entry.displayName) === 1;
      return {
        entry,
        matter,
        name: isOne ? entry.displayName : `${entry.displayName} (${shortIds(entry)})`,
        done: deedOrEnd(entry, now, warnDays),
        ends: endsOf(entry, now),
        note: noteOf(entry, report),
        isToldElsewhere: matter === 'failed' || warns(entry.message),
      };
    })
    .sort(
      (a, b) =>
        matters.indexOf(a.matter) - matters.indexOf(b.matter) ||
        // Ends of one run differ by moments, and the order should be the same in each run.
        Math.floor(a.entry.validTo / second) - Math.floor(b.entry.validTo / second) ||
        (a.name < b.name ? -1 : 1),
    );
}

/** `cd9451a7`, and for a replacement the new one's too. */
function shortIds({ authorizationId, newAuthorizationId }: PatEntry): string {
  const ids = newAuthorizationId === undefined ? [authorizationId] : [authorizationId, newAuthorizationId];
  return ids.map((id) => id.slice(0, 8)).join(' -> ');
}

/** Looks for each message once: many PATs have the same one, and there may be as many warnings. */
function warningsThatSay({ warnings }: RunReport): (message: string | undefined) => boolean {
  const known = new Map<string, boolean>();
  return (message) => {
    if (message === undefined) return false;
    const isSaid = known.get(message) ?? warnings.some((warning) => warning.includes(message));
    known.set(message, isSaid);
    return isSaid;
  };
}

function endsOf(entry: PatEntry, now: Instant): string {
  const { previousValidTo } = entry;
  if (entry.action === 'revoke' && entry.outcome === 'done') return `${dateOf(entry.validTo)} -> now`;
  const end = dateAndTimeLeft(entry.validTo, now);
  if (previousValidTo === undefined || previousValidTo === entry.validTo) return end;
  return `${dateOf(previousValidTo)} -> ${end}`;
}

function noteOf(entry: PatEntry, report: RunReport): string {
  const { revokeAfter } = entry;
  // What has ended is revoked by nobody.
  const leaves = entry.validTo > report.finishedAt ? leavesAt(entry) : undefined;
  const will = report.dryRun ? 'would' : 'will';
  const parts = [
    entry.action === 'replace' && entry.outcome !== 'failed' && revokeAfter !== undefined
      ? `old one ${will} be revoked after ${shortDate(revokeAfter)}`
      : undefined,
    leaves === undefined ? undefined : `${will} be revoked after ${shortDate(leaves)}`,
    entry.message,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}
