import { countsOf, hasHandledOthers, isNothingReached, type PatEntry, type RunReport } from './run-report.ts';
import { totals } from './table.ts';
import { firstFew } from './tellings.ts';

/** What a person must see of a run, each cause once, what matters most first. Untrusted text; nothing is escaped yet. */
export interface Issues {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** The agent keeps ten errors and ten warnings of a step. Source: microsoft/azure-pipelines-agent, ExecutionContext.cs */
const keptAtMost = 10;

/** @param atMost so many of each are kept; the last then says how many more there are */
export function issuesOf(report: RunReport, atMost = keptAtMost): Issues {
  const errors = errorsOf(report);
  const count = report.warnings.length;
  const warnings =
    count > 1
      ? [`${count} things go wrong by themselves unless somebody acts, the most urgent first.`, ...report.warnings]
      : report.warnings;
  return { errors: kept(errors, atMost), warnings: kept(warnings, atMost) };
}

/** By `failDays`. @param one what ends, and when */
export function tooSoonSentence(one: string): string {
  return `${one}; the input failDays makes that a failure.`;
}

/** In a sentence, for the result of the step: why it failed. Undefined: it did not. */
export function failureOf(report: RunReport): string | undefined {
  if (report.failure !== undefined) return report.failure;
  const { failed } = countsOf(report);
  const parts: string[] = [];
  if (failed > 0) {
    const others = hasHandledOthers(report) ? '; every other one was handled' : '';
    parts.push(`${failed} ${failed === 1 ? 'PAT' : 'PATs'} failed${others}.`);
  }
  const { unreachable, organizations, endingTooSoon } = report;
  if (unreachable.length > 0) {
    const names = firstFew(unreachable.map(({ organization }) => `"${organization}"`));
    const which = unreachable.length === 1 ? `Organization ${names}` : `${unreachable.length} organizations (${names})`;
    parts.push(`${which} could not be read${organizations.length === 0 ? ', so nothing was done' : ''}.`);
  }
  if (endingTooSoon.length > 0) {
    const [first] = endingTooSoon;
    const which =
      endingTooSoon.length === 1
        ? first
        : `${endingTooSoon.length} PATs in use end too soon: ${firstFew(endingTooSoon)}`;
    parts.push(tooSoonSentence(which ?? ''));
  }
  if (parts.length === 0) return undefined;
  return isNothingReached(report) ? parts.join(' ') : `${parts.join(' ')} ${totals(report)}`;
}

function errorsOf(report: RunReport): readonly string[] {
  const failure = failureOf(report);
  if (failure === undefined) return [];
  const unreachable = report.unreachable.map(
    ({ organization, message }) => `Organization "${organization}" was left out: ${message}`,
  );
  return [failure, ...unreachable, ...failedAlike(report)];
}

/** What failed, by its cause: one cause is told once. */
export function byCause(entries: readonly PatEntry[]): readonly (readonly PatEntry[])[] {
  const causes = new Map<string, PatEntry[]>();
  for (const entry of entries) {
    if (entry.outcome !== 'failed') continue;
    const cause = entry.cause ?? entry.message ?? '';
    causes.set(cause, [...(causes.get(cause) ?? []), entry]);
  }
  return [...causes.values()];
}

/** One sentence for what failed by one cause, with the names. */
function failedAlike({ organizations }: RunReport): readonly string[] {
  return byCause(organizations.flatMap(({ pats }) => pats)).map((entries) => {
    const named = entries.map(({ displayName }) => `"${displayName}"`);
    const [first] = entries;
    if (first === undefined) return '';
    if (entries.length === 1) return `"${first.displayName}" (${first.authorizationId}): ${first.message ?? ''}`;
    return `${entries.length} PATs failed alike: ${firstFew(named)}. Of the first: ${first.message ?? ''}`;
  });
}

function kept(sentences: readonly string[], atMost: number): readonly string[] {
  if (sentences.length <= atMost) return sentences;
  const surplus = sentences.length - (atMost - 1);
  return [...sentences.slice(0, atMost - 1), `And ${surplus} more: the summary of the run has all.`];
}
