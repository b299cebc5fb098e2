import type { ProcessEnd, ProcessStart } from '../../simulator/agent/task-process.ts';

/** For a job: the task's own source, run by the process that runs the tests. */
export const inThisProcess = {
  taskFolder: 'tasks/RenewPats',
  // Imported late, as the program imports some of its own parts: so there is one of each module, and of each class.
  standIn: async (start: ProcessStart): Promise<ProcessEnd> =>
    (await import('./task-in-this-process.ts')).runInThisProcess(start),
};
