import type { Host } from '../tab/host.ts';
import { get, itemsOf } from '../tab/rest.ts';
import type { Pipeline, Run } from './inventory.ts';

/** As the task tags its runs (`runTag` in src/report/attachment.ts). */
const tag = 'renew-pats';

/** The pipelines of a project that use the task, each with the runs that tell of it. */
export interface PipelineRuns {
  readonly pipeline: Pipeline;
  /** The newest run in which the task ran. */
  readonly newest: Run;
  /** The newest one of these that succeeded, if any is kept. */
  readonly newestGood: Run | undefined;
  /** The newest run of all: it may have ended before it came to the task. */
  readonly last: Run;
}

/** @throws Error with a sentence for the reader */
export async function findPipelines(host: Host, projectId: string): Promise<readonly PipelineRuns[]> {
  const onePerPipeline = { maxBuildsPerDefinition: '1', $top: '1000' };
  const [newest, recent, good] = await Promise.all([
    newestRuns(host, projectId, { tagFilters: tag, ...onePerPipeline }),
    // Should "one per pipeline" be counted before the tags are looked at, a pipeline whose last run has none is found here.
    newestRuns(host, projectId, { tagFilters: tag, $top: '200' }, 1),
    newestRuns(host, projectId, { tagFilters: tag, resultFilter: 'succeeded,partiallySucceeded', ...onePerPipeline }),
  ]);
  const found = newer(newest, recent);
  const good_ = newer(good, new Map([...recent].filter(([, { run }]) => isGood(run))));
  const last = await lastRuns(host, projectId, [...found.keys()]);
  return [...found].map(([id, { pipeline, run }]) => ({
    pipeline: last.get(id)?.pipeline ?? pipeline,
    newest: run,
    newestGood: isGood(run) ? run : good_.get(id)?.run,
    last: last.get(id)?.run ?? run,
  }));
}

type Found = ReadonlyMap<number, { readonly pipeline: Pipeline; readonly run: Run }>;

function isGood({ result }: Run): boolean {
  return result === 'succeeded' || result === 'partiallySucceeded';
}

/** Addresses have an end, so many pipelines are asked about in several requests. */
async function lastRuns(host: Host, projectId: string, pipelines: readonly number[]): Promise<Found> {
  const parts: (readonly number[])[] = [];
  for (let at = 0; at < pipelines.length; at += 100) parts.push(pipelines.slice(at, at + 100));
  const all = await Promise.all(
    parts.map((ids) =>
      newestRuns(host, projectId, { definitions: ids.join(','), maxBuildsPerDefinition: '1', $top: '1000' }),
    ),
  );
  return all.reduce(newer, new Map());
}

/** The newest run of each pipeline, whatever else the answer holds. */
async function newestRuns(
  host: Host,
  projectId: string,
  filter: Readonly<Record<string, string>>,
  pagesAtMost = 20,
): Promise<Found> {
  let found: Found = new Map();
  let continuation: string | undefined;
  for (let page = 0; page < pagesAtMost; page++) {
    const answer = await get(host, `${encodeURIComponent(projectId)}/_apis/build/builds`, {
      statusFilter: 'completed',
      queryOrder: 'finishTimeDescending',
      ...filter,
      ...(continuation === undefined ? {} : { continuationToken: continuation }),
    });
    const runs = itemsOf(answer).flatMap(readRun);
    for (const each of runs) found = newer(found, new Map([[each.pipeline.id, each]]));
    continuation = answer.continuation;
    if (continuation === undefined) break;
  }
  return found;
}

function newer(some: Found, others: Found): Found {
  const all = new Map(some);
  for (const [id, other] of others) {
    const known = all.get(id);
    if (known === undefined || known.run.finishedAt < other.run.finishedAt) all.set(id, other);
  }
  return all;
}

function readRun(item: unknown): { readonly pipeline: Pipeline; readonly run: Run }[] {
  const build = Object(item) as Readonly<Record<string, unknown>>;
  const definition = Object(build.definition) as Readonly<Record<string, unknown>>;
  const finishedAt = Date.parse(String(build.finishTime));
  if (typeof build.id !== 'number' || typeof definition.id !== 'number' || Number.isNaN(finishedAt)) return [];
  const { queueStatus } = definition;
  return [
    {
      pipeline: {
        id: definition.id,
        name: String(definition.name ?? definition.id),
        state: queueStatus === 'paused' || queueStatus === 'disabled' ? queueStatus : 'enabled',
      },
      run: {
        id: build.id,
        number: String(build.buildNumber ?? build.id),
        result: String(build.result ?? ''),
        finishedAt,
      },
    },
  ];
}
