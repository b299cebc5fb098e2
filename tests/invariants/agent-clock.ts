import type { RunOnStage } from './run-on-stage.ts';
import { agentAhead, type Stage } from './scene.ts';

/** The wall clock of the machine on which a run goes on. */
export function agentNow({ world, start }: Stage, { setBack }: RunOnStage): number {
  return world.now + agentAhead(start) - setBack;
}
