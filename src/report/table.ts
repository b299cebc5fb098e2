import { plainText } from './plain-text.ts';
import type { OrganizationReport, PatEntry, RunReport } from './run-report.ts';
import { countsOf } from './run-report.ts';
import { shortDate, timeLeft } from './time-left.ts';
import { deed } from './words.ts';

/** The run for a log: one line a PAT, organizations as groups. Each line is harmless as it stands. */
export interface LoggedGroup {
  readonly title: string;
  readonly lines: readonly string[];
}

export function logGroups(report: RunReport): readonly LoggedGroup[] {
  return report.organizations.map((organization) => ({
    title: `${organization.organization}: ${organization.pats.length} ${organization.pats.length === 1 ? 'entry' : 'entries'}`,
    lines: linesOf(organization, report),
  }));
}

function linesOf(organization: OrganizationReport, report: RunReport): readonly string[] {
  const rows = organization.pats.map((entry) => cellsOf(entry, report));
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cellsOf(entry: PatEntry, report: RunReport): readonly string[] {
  const end = `${shortDate(entry.validTo)} (${timeLeft(entry.validTo, report.finishedAt)})`;
  const ends = entry.previousValidTo === undefined ? `ends ${end}` : `${shortDate(entry.previousValidTo)} -> ${end}`;
  const rest = [
    entry.destination === undefined ? undefined : `in ${plainText(entry.destination)}`,
    entry.revokeAfter === undefined
      ? undefined
      : `${entry.action === 'replace' ? 'old one revoked' : 'revoked'} after ${shortDate(entry.revokeAfter)}`,
    entry.message === undefined ? undefined : plainText(entry.message, 1000),
  ].filter((part) => part !== undefined);
  return [deed(entry, report.finishedAt), plainText(entry.displayName, 60), ends, rest.join('; ')];
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length));
}

/** The last line: `Renewed 3, revoked 1, skipped 2, failed 0.` */
export function totals(report: RunReport): string {
  const { renewed, revoked, skipped, failed } = countsOf(report);
  const dry = report.dryRun ? 'Dry run, nothing was written. ' : '';
  return `${dry}Renewed ${renewed}, revoked ${revoked}, skipped ${skipped}, failed ${failed}.`;
}
