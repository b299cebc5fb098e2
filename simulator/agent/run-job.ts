import { rmSync } from 'node:fs';
import { prepareJob } from './job-context.ts';
import { runStep } from './run-step.ts';
import type { Job, JobRun, TaskRun } from './task-job.ts';
import { makeWorkFolders } from './work-folders.ts';

/**
 * Runs the steps of a job one after the other, each if its condition says so. They share the job's variables, its secrets,
 * and its folder for temporary files.
 * @throws Error where the server would not have started the run: unknown inputs or service connections.
 */
export async function runJob(job: Job): Promise<JobRun> {
  const folders = makeWorkFolders();
  try {
    const context = prepareJob(job, folders);
    const steps: TaskRun[] = [];
    for (const step of job.steps) {
      steps.push(await runStep(step, context));
      // There is no agent any more that would begin another step.
      if (job.powerCut?.aborted || context.status() === 'Abandoned') break;
    }
    return { result: context.status(), steps, variables: context.variables };
  } finally {
    if (!job.keepFolders) rmSync(folders.root, { recursive: true, force: true });
  }
}
