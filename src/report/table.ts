import { linesOf, type ReportLine } from './lines.ts';
import { plainText } from './plain-text.ts';
import type { OrganizationReport, RunReport } from './run-report.ts';
import { countsOf, isNothingReached, plannedOf } from './run-report.ts';
import type { Matter } from './words.ts';

/** The run for a log: one line a PAT, organizations as groups. Each line is harmless as it stands. */
export interface LoggedGroup {
  readonly title: string;
  readonly lines: readonly LoggedLine[];
}

export interface LoggedLine {
  readonly text: string;
  /** What it is about; undefined: no single PAT. */
  readonly matter: Matter | undefined;
}

/** @param warnDays within so many days an end is near */
export function logGroups(report: RunReport, warnDays: number): readonly LoggedGroup[] {
  return report.organizations.map((organization) => {
    const lines = linesOf(organization, report, warnDays);
    const logged = aligned(lines).flatMap((text, row): readonly LoggedLine[] => {
      const line = lines[row];
      const places = line === undefined ? [] : placeLines(line);
      return [text, ...places].map((each) => ({ text: each, matter: line?.matter }));
    });
    const omitted = organization.leftOut.length === 0 ? [] : [leftOutSentence(organization.leftOut, plainText)];
    const rest = omitted.map((text) => ({ text, matter: undefined }));
    return { title: titleOf(organization, lines), lines: [...logged, ...rest] };
  });
}

/** `contoso: 2 replaced, 1 revoked, 5 left`: what there is to know while the group is closed. */
function titleOf({ organization }: OrganizationReport, lines: readonly ReportLine[]): string {
  return plainText(`${organization}: ${tally(lines) || 'no PAT is selected'}`);
}

/** `2 replaced, 1 revoked, 5 left`, in the lines' order. */
export function tally(lines: readonly ReportLine[]): string {
  const counts = new Map<string, number>();
  for (const { done } of lines) counts.set(done, (counts.get(done) ?? 0) + 1);
  return [...counts].map(([done, count]) => `${count} ${counted(done, count)}`).join(', ');
}

const planned: Readonly<Record<string, string>> = {
  'would extend': 'would be extended',
  'would replace': 'would be replaced',
  'would copy': 'would be copied',
  'would revoke': 'would be revoked',
};

function counted(done: string, count: number): string {
  if (done === 'ends soon' && count > 1) return 'end soon';
  return planned[done] ?? done.toLowerCase();
}

/** What a person did not mean to leave out should not go unseen. @param harmless makes a name so where it is shown */
export function leftOutSentence(names: readonly string[], harmless: (name: string) => string): string {
  const shown = names.slice(0, 10).map((name) => `"${harmless(name)}"`);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return `Left out by the rules in the input pats: ${shown.join(', ')}${more}.`;
}

function aligned(lines: readonly ReportLine[]): readonly string[] {
  const rows = lines.map(({ name, done, ends, entry, note, matter, isToldElsewhere }) => {
    const isOne = (entry.destinations?.length ?? 0) < 2;
    const place = entry.destination === undefined || !isOne ? [] : [`in ${plainText(entry.destination)}`];
    const below = matter === 'failed' ? 'see the error below' : 'see the warning below';
    const rest = isToldElsewhere ? [below] : note === '' ? [] : [plainText(note, 1000)];
    return [plainText(name, 60), done, `ends ${ends}`, [...place, ...rest].join('; ')];
  });
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Where a value stands in several places, each has a line of its own. */
function placeLines({ entry }: ReportLine): readonly string[] {
  const { destinations } = entry;
  if (destinations === undefined || destinations.length < 2) return [];
  return destinations.map(({ place, outcome, message }) => {
    const state = outcome === 'failed' ? 'FAILED' : outcome === 'planned' ? 'would be written' : 'up to date';
    const why = message === undefined ? '' : `: ${plainText(message, 500)}`;
    return `    in ${plainText(place)}  ${state}${why}`;
  });
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length));
}

/** The last line: `Renewed 3, revoked 1, skipped 2, failed 0.` */
export function totals(report: RunReport): string {
  if (report.failure !== undefined || isNothingReached(report)) return 'Nothing was done.';
  if (report.mode === 'report') return 'Nothing was changed: mode report only lists.';
  const { renewed, revoked, skipped, failed } = countsOf(report);
  if (report.dryRun) {
    const { renewed, revoked } = plannedOf(report);
    return `Dry run, nothing was written. Would renew ${renewed}, revoke ${revoked}; skipped ${skipped}, failed ${failed}.`;
  }
  return `Renewed ${renewed}, revoked ${revoked}, skipped ${skipped}, failed ${failed}.`;
}
