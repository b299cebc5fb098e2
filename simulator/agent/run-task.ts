import { runJob } from './run-job.ts';
import type { TaskJob, TaskRun } from './task-job.ts';

export type { AgentProxy } from './job-variables.ts';
export type { ServiceConnection } from './service-connection.ts';
export type { TaskJob, TaskRun, UploadedFile } from './task-job.ts';
export type { TaskResult } from './task-result.ts';

/**
 * Runs a task as an agent of Azure Pipelines would: inputs, variables and connections through the environment, logging
 * commands from its output, secrets masked.
 * @throws Error where the server would not have started the run: unknown inputs or service connections.
 */
export async function runTask(job: TaskJob): Promise<TaskRun> {
  const { steps } = await runJob({ ...job, steps: [job] });
  const [run] = steps;
  if (run === undefined) throw new Error('The job had no step.');
  return run;
}
