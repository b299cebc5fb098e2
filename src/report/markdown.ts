import { byCause, tooSoonSentence } from './issues.ts';
import { linesOf, type ReportLine } from './lines.ts';
import { markdownLines, markdownText } from './markdown-text.ts';
import { nextSteps, type ReportSettings } from './next-steps.ts';
import { countsOf, hasHandledOthers, isNothingReached, type OrganizationReport, type RunReport } from './run-report.ts';
import { leftOutSentence, tally } from './table.ts';
import { firstFew } from './tellings.ts';
import { shortDate } from './time-left.ts';
import type { Matter } from './words.ts';

/** More would make a page that nobody reads; the JSON report and the tab have all. */
const rowsAtMost = 100;
const sentencesAtMost = 30;

/** The summary that is attached to the run. Untrusted text renders as itself. */
export function summaryMarkdown(report: RunReport, settings: ReportSettings): string {
  const organizations = report.organizations.map((organization) => ({
    organization,
    lines: linesOf(organization, report, settings.warnDays),
  }));
  const lines = organizations.flatMap((each) => each.lines);
  const sections = [
    headline(report, lines),
    failures(report, organizations),
    bullets('### ⚠ To look at', sentencesOf(report.warnings)),
    bullets(report.dryRun ? '### What would come next' : '### What comes next', nextSteps(report, settings, bold)),
    ...organizations.map((each) => table(each.organization, each.lines, report)),
    bullets('### Good to know', sentencesOf(report.notices)),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The summary of a run that never began. @param problems one sentence for each input that is not right */
export function problemsMarkdown(problems: readonly string[]): string {
  const sentences = problems.map((problem) => markdownLines(problem, 2000));
  return `**Nothing was done**, and no request was sent: what the step was given is not right.\n\n${bullets('### ✘ To put right', sentences)}\n`;
}

function headline(report: RunReport, lines: readonly ReportLine[]): string {
  const dry = report.dryRun ? ' **Dry run: nothing was written.**' : '';
  const what =
    report.failure === undefined && !isNothingReached(report)
      ? tally(lines) || 'no PAT is selected'
      : 'nothing was done';
  return `**${capital(what)}.**${dry} Mode ${report.mode}, ${shortDate(report.finishedAt)}.`;
}

type Lines = { readonly organization: OrganizationReport; readonly lines: readonly ReportLine[] };

/** What failed, and how to mend it: each message ends with what to do. */
function failures(report: RunReport, organizations: readonly Lines[]): string {
  const sentences = [
    ...(report.failure === undefined ? [] : [markdownLines(report.failure, 2000)]),
    ...report.unreachable.map(
      ({ organization, message }) => `Organization ${bold(organization)} was left out: ${markdownText(message, 2000)}`,
    ),
    ...report.endingTooSoon.map((one) => markdownText(tooSoonSentence(one), 400)),
    ...organizations.flatMap(failedAlike),
  ];
  if (sentences.length === 0) return '';
  return [bullets('### ✘ Failed, and how to mend it', sentences), whatHelps(report)].join('\n\n');
}

/** In the table's order, one sentence for each cause. */
function failedAlike({ organization, lines }: Lines): readonly string[] {
  const names = new Map(lines.map(({ entry, name }) => [entry, bold(name)]));
  const where = markdownText(organization.organization);
  return byCause(lines.map(({ entry }) => entry)).map((entries) => {
    const who = firstFew(entries.map((entry) => names.get(entry) ?? ''));
    const message = markdownText(entries[0]?.message ?? 'failed', 2000);
    return entries.length === 1
      ? `${who} (${where}): ${message}`
      : `${who} (${where}) failed alike. Of the first: ${message}`;
  });
}

function whatHelps(report: RunReport): string {
  const { mode, failure, unreachable } = report;
  const isForEnds = failure === undefined && unreachable.length === 0 && countsOf(report).failed === 0;
  if (isForEnds) {
    return mode === 'report'
      ? 'Nothing was changed. What renews these PATs should have done so before now: look at its last runs.'
      : 'Everything was handled, and these still end so soon: their lines below say why they were not renewed.';
  }
  const others = hasHandledOthers(report) && mode !== 'report' ? 'Everything else was handled. ' : '';
  const again = mode === 'report' ? '.' : ': it goes on from what it finds and does nothing twice.';
  return `${others}Remove the cause, then run the step again${again}`;
}

function sentencesOf(texts: readonly string[]): readonly string[] {
  return texts.map((text) => markdownText(text, 2000));
}

function bullets(heading: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  const surplus = sentences.length - sentencesAtMost;
  const shown = surplus > 0 ? [...sentences.slice(0, sentencesAtMost), `… and ${surplus} more.`] : sentences;
  return [heading, '', ...shown.map((sentence) => `- ${sentence}`)].join('\n');
}

const marks: Readonly<Record<Matter, string>> = {
  failed: '✘ ',
  expired: '⚠ ',
  'ends soon': '⌛ ',
  changed: '✔ ',
  leaving: '',
  left: '',
  'in use': '',
  history: '',
};

/** What a dry run would do is not done. */
function markOf({ entry, matter }: ReportLine): string {
  return entry.outcome === 'planned' ? '' : marks[matter];
}

function table({ organization, leftOut }: OrganizationReport, lines: readonly ReportLine[], report: RunReport): string {
  const heading = `### ${markdownText(organization)}`;
  const omitted = leftOut.length === 0 ? [] : [`\n${leftOutSentence(leftOut, markdownText)}`];
  if (lines.length === 0) return [`${heading}\n\nNo PAT is selected here.`, ...omitted].join('\n');
  const hasPlaces = lines.some(({ entry }) => entry.destination !== undefined);
  const hasNotes = lines.some((line) => noteOf(line) !== '');
  const columns = [
    { title: 'PAT', cell: ({ name }: ReportLine) => markdownText(name.replace(' -> ', ' → ')) },
    {
      title: report.mode === 'report' ? 'State' : 'What was done',
      cell: (line: ReportLine) => markOf(line) + line.done,
    },
    { title: 'Ends', cell: ({ ends }: ReportLine) => ends.replace('->', '→') },
    ...(hasPlaces ? [{ title: 'Value in', cell: ({ entry }: ReportLine) => markdownText(placesOf(entry)) }] : []),
    ...(hasNotes ? [{ title: 'Next, or why', cell: (line: ReportLine) => markdownText(noteOf(line), 300) }] : []),
  ];
  const rows = lines.slice(0, rowsAtMost).map((line) => columns.map(({ cell }) => cell(line)));
  const surplus = lines.slice(rowsAtMost);
  return [
    `${heading}\n`,
    ...[columns.map(({ title }) => title), columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`),
    ...(surplus.length === 0 ? [] : [`\nAnd ${surplus.length} more: ${tally(surplus)}. The JSON report lists all.`]),
    ...omitted,
  ].join('\n');
}

/** Every place of the value; one that failed is marked. */
function placesOf({ destination, destinations }: ReportLine['entry']): string {
  if (destinations === undefined || destinations.length < 2) return destination ?? '';
  return destinations.map(({ place, outcome }) => (outcome === 'failed' ? `${place} (failed)` : place)).join('; ');
}

function noteOf({ isToldElsewhere, note }: ReportLine): string {
  return isToldElsewhere ? 'see above' : note;
}

function bold(text: string): string {
  return `**${markdownText(text)}**`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
