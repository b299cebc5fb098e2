import type { Faults } from './faults.ts';
import type { HttpAnswer } from './http/exchange.ts';
import { serviceUnavailable } from './http/prepared-answers.ts';
import { answerRequest } from './http/services.ts';
import type { SeenRequest } from './recorded-request.ts';
import type { World } from './world.ts';

/** A request that was answered with a failure, and is still under way inside the service. */
export interface LateWrite {
  /** It lands: the service carries it out now. */
  land(): HttpAnswer;
}

/** The next call of `operation` is answered with 503 and carried out only when `land` is called. */
export function holdBack(world: World, faults: Faults, operation: string): LateWrite {
  let held: SeenRequest | undefined;
  const stop = faults.use({
    decide: (request) => {
      if (request.operation !== operation || held !== undefined) return { kind: 'pass' };
      held = request;
      return { kind: 'answer', answer: serviceUnavailable(0) };
    },
  });
  return {
    land: () => {
      stop();
      if (held === undefined) throw new Error(`Nobody has called ${operation}.`);
      return answerRequest(world, held);
    },
  };
}
