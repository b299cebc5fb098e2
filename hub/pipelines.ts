import { dateOf, distanceOf, momentOf } from '../tab/dates.ts';
import { hasFailed, newestAttempts } from '../tab/report.ts';
import { type HubRow, isInUse, lastGood, type Run, type ToldPipeline } from './inventory.ts';

/** What somebody has to know of a pipeline, worst first. */
export interface Trouble {
  readonly kind: 'error' | 'warning';
  readonly text: string;
  readonly run: Run;
  /** What the service or the task said, to find what helps; empty if nothing was said. */
  readonly message: string;
}

export interface PipelineState {
  readonly told: ToldPipeline;
  readonly goodAt: number | undefined;
  /** PATs in use that it renews. */
  readonly inUse: readonly HubRow[];
  readonly troubles: readonly Trouble[];
}

/** @param rows ordered by their ends where they need no attention */
export function pipelineStates(
  pipelines: readonly ToldPipeline[],
  rows: readonly HubRow[],
  now: number,
): readonly PipelineState[] {
  return pipelines.map((told) => {
    const inUse = rows
      .filter((row) => row.pipeline.id === told.pipeline.id && isInUse(row, now))
      .sort((a, b) => a.ends - b.ends);
    const goodAt = lastGood(told);
    const troubles = [...silence(told, goodAt, inUse, now), ...whatFailed(told, now), ...stopped(told)];
    return { told, goodAt, inUse, troubles };
  });
}

/**
 * A pipeline has been silent for too long once no more time is left than it has been silent: as long again, and a PAT ends.
 * So a nightly pipeline and a monthly one are measured alike, without knowing their schedules.
 */
function silence(
  { pipeline, last, runs }: ToldPipeline,
  goodAt: number | undefined,
  inUse: readonly HubRow[],
  now: number,
): readonly Trouble[] {
  const [first] = inUse;
  if (first === undefined) return [];
  // Of what was before the oldest run that was read nothing is known, good or bad.
  const since = goodAt ?? Math.min(...runs.map(({ run }) => run.finishedAt));
  if (now - since <= first.ends - now) return [];
  const newest = runs[0]?.run ?? last;
  const hasRun = goodAt === undefined || last.finishedAt > since;
  const how =
    goodAt === undefined
      ? 'no kept run of it has succeeded'
      : `it has not ${hasRun ? 'succeeded' : 'run'} since ${dateOf(goodAt)} (${distanceOf(goodAt, now)})`;
  const text = `${pipeline.name}: ${how}, and "${first.pat.displayName}" (${first.organization}) ends ${momentOf(first.ends)} (${distanceOf(first.ends, now)}). Look at its schedule and its last run.`;
  return [{ kind: 'error', text, run: hasRun ? last : newest, message: '' }];
}

function whatFailed({ pipeline, last, runs }: ToldPipeline, now: number): readonly Trouble[] {
  const [told] = runs;
  const when = ({ finishedAt }: Run) => `${momentOf(finishedAt)}, ${distanceOf(finishedAt, now)}`;
  const troubles: Trouble[] = [];
  if (told !== undefined && last.id !== told.run.id && last.finishedAt > told.run.finishedAt) {
    const text = `${pipeline.name}: its last run (${when(last)}) ended as ${wordsFor(last)} before it came to the task.`;
    const isGood = last.result === 'succeeded' || last.result === 'partiallySucceeded';
    if (!isGood) troubles.push({ kind: 'error', text, run: last, message: '' });
  }
  if (told === undefined) return troubles;
  const { run, reports } = told;
  for (const report of reports) {
    if (report.kind === 'unreadable')
      troubles.push({
        kind: 'warning',
        text: `${pipeline.name}: a report of its run (${when(run)}) cannot be shown: ${report.why}`,
        run,
        message: '',
      });
  }
  if (reports.length === 0)
    troubles.push({
      kind: 'warning',
      text: `${pipeline.name}: its run (${when(run)}) left no report: the step was stopped, or an older version of the task wrote none. The run's log says why.`,
      run,
      message: '',
    });
  for (const read of newestAttempts(reports.filter((report) => report.kind === 'report')).filter(hasFailed)) {
    const { failure, unreachable, endingTooSoon = [] } = read.report;
    const failed = read.rows.filter(({ pat }) => pat.matter === 'failed');
    const reasons = [
      failure,
      ...unreachable.map(({ organization, message }) => `organization ${organization}: ${message}`),
      failed[0] === undefined
        ? undefined
        : failedInWords(failed[0].pat.displayName, failed[0].pat.message, failed.length),
      ...endingTooSoon.map((sentence) => `${sentence}; the input failDays makes that a failure.`),
    ].filter((reason) => reason !== undefined);
    for (const reason of reasons)
      troubles.push({ kind: 'error', text: `${pipeline.name} (${when(run)}): ${reason}`, run, message: reason });
  }
  return troubles;
}

function failedInWords(name: string, message: string | undefined, count: number): string {
  const others = count === 1 ? '' : ` ${count - 1} more failed: the list below has them.`;
  return `${name}: ${message ?? 'no reason is given'}${others}`;
}

function stopped({ pipeline, last }: ToldPipeline): readonly Trouble[] {
  if (pipeline.state === 'enabled') return [];
  const text = `${pipeline.name} is ${pipeline.state}: no schedule starts it.`;
  return [{ kind: 'warning', text, run: last, message: '' }];
}

export function wordsFor({ result }: Run): string {
  return result === 'partiallySucceeded' ? 'succeeded with issues' : result === '' ? 'ended' : result;
}
