import { readAttachments } from '../tab/attachments.ts';
import { byName } from '../tab/by-name.ts';
import type { Host } from '../tab/host.ts';
import { readReport, type StepReport } from '../tab/report.ts';
import type { Run, ToldPipeline, ToldRun } from './inventory.ts';
import { findPipelines, type PipelineRuns } from './runs.ts';

/** So many pipelines are read at once: Azure DevOps slows down who asks for more. */
const atOnce = 6;

/**
 * Reads the newest reports of every pipeline of the project that uses the task.
 * @param progress how many pipelines of how many have been read
 * @throws Error with a sentence for the reader, if not even the list of runs can be read
 */
export async function gather(
  host: Host,
  progress: (done: number, all: number) => void,
): Promise<readonly ToldPipeline[]> {
  const projectId = host.projectId();
  const pipelines = await findPipelines(host, projectId);
  const told: ToldPipeline[] = [];
  const waiting = [...pipelines];
  progress(0, pipelines.length);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      told.push(await readPipeline(host, projectId, next));
      progress(told.length, pipelines.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  // They came in the order of the network: the page has one of its own, the same each time.
  return told.sort((a, b) => byName(a.pipeline.name, b.pipeline.name) || a.pipeline.id - b.pipeline.id);
}

/** A failed run may tell of no PAT: then the last good one says what there is. */
async function readPipeline(host: Host, projectId: string, found: PipelineRuns): Promise<ToldPipeline> {
  const { pipeline, last, newest, newestGood } = found;
  const wanted = newestGood === undefined || newestGood.id === newest.id ? [newest] : [newest, newestGood];
  const runs = await Promise.all(
    wanted.map(async (run): Promise<ToldRun> => ({ run, reports: await reportsOf(host, projectId, run) })),
  );
  return { pipeline, last, runs };
}

async function reportsOf(host: Host, projectId: string, run: Run): Promise<readonly StepReport[]> {
  try {
    return (await readAttachments(host, { id: run.id, projectId })).map(readReport);
  } catch (error) {
    return [{ kind: 'unreadable', why: error instanceof Error ? error.message : String(error) }];
  }
}
