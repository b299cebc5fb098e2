import type { Simulator } from '../../simulator/index.ts';
import type { Job } from '../blackbox/situation.ts';

/** What becomes of one request, and of the process that sent it. */
export const fates = ['killed before', 'killed after', 'answer lost', 'request lost'] as const;
export type Fate = (typeof fates)[number];

/**
 * Runs the task so that its `ordinal`-th request meets its fate: the process is killed before the service has carried it
 * out, or after that and without having seen the answer; or it lives on and only the connection breaks.
 * @throws Error if the run sent fewer requests
 */
export async function runWith<T>(
  simulator: Simulator,
  fate: Fate,
  ordinal: number,
  run: (job: Job) => Promise<T>,
): Promise<T> {
  const machine = new AbortController();
  let hasMet = false;
  let running: Promise<T> | undefined;
  /** Nothing goes on before the process is gone: what it still had in flight is all there is. */
  const kill = async () => {
    machine.abort();
    await running;
  };
  const remove = simulator.faults.use({
    before: async (request) => {
      if (request.ordinal !== ordinal) return;
      hasMet = true;
      if (fate === 'killed before') await kill();
    },
    decide: (request) => {
      if (request.ordinal !== ordinal) return { kind: 'pass' };
      return { kind: fate === 'killed before' || fate === 'request lost' ? 'drop' : 'applyThenDrop' };
    },
    afterApplied: async (request) => {
      if (request.ordinal === ordinal && fate === 'killed after') await kill();
    },
  });
  try {
    running = run({ powerCut: machine.signal });
    const result = await running;
    if (!hasMet) throw new Error(`the run sent fewer than ${ordinal} requests`);
    return result;
  } finally {
    remove();
  }
}
