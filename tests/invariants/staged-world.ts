import type { World } from '../../src/world.ts';
import { agentNow } from './agent-clock.ts';
import { type Engine, isAnswered, type RunOnStage, takesEffect, type Wait } from './run-on-stage.ts';
import { organization, type Stage } from './scene.ts';
import { bearerFor, sendOnStage } from './staged-azure-devops.ts';
import { vaultOnStage } from './staged-vault.ts';
import type { FaultKind } from './story.ts';

/** What the agent does with what a step tells it. */
export interface Agent {
  readonly setVariable: (run: RunOnStage, variable: string, value: string) => void;
  readonly handOver: (run: RunOnStage, authorizationIds: readonly string[]) => void;
}

/** What a run of the engine talks to: the product's own services on the simulator's state, every call taking its turn. */
export function worldOnStage(engine: Engine, scene: Stage, run: RunOnStage, wait: Wait, agent: Agent): World {
  const { world } = scene;
  const isStopping = () => run.isCancelled;
  const pauses = {
    sleep: (milliseconds: number) =>
      new Promise<void>((resolve) => {
        const proceed = () => {
          world.advance({ ms: milliseconds });
          resolve();
        };
        if (run.isCancelled) resolve();
        else wait({ run, operation: 'pause', proceed });
      }),
    random: () => 0.5,
    isStopping,
  };
  const devOps = {
    send: sendOnStage(engine, scene, run, wait),
    pauses,
    clock: new engine.ServiceClock(() => agentNow(scene, run)),
    accessToken: async () => bearerFor(world),
  };
  let account: Promise<string> | undefined;
  const accountId = () => {
    account ??= engine.readAccountId(devOps, organization);
    return account;
  };
  const pats = engine.createPatApi(devOps, organization);
  const prove = async (token: string) =>
    engine.provePat(devOps, organization, token, await accountId().catch(() => undefined));
  /** A line on stdout: its reader may be gone. */
  const tell = (operation: string, act: () => void): Promise<void> =>
    new Promise((resolve, reject) => {
      const proceed = (fault: FaultKind | undefined) => {
        if (takesEffect(fault)) act();
        if (isAnswered(fault)) resolve();
        else if (fault !== 'killed before' && fault !== 'killed after') reject(new Error('write EPIPE'));
      };
      wait({ run, operation, proceed });
    });
  return {
    organization: () => ({ name: organization, pats, accountId, prove }),
    placeOf: engine.openPlaces({
      vault: scene.places.includes('vault') ? vaultOnStage(engine, scene, run, pauses, wait) : undefined,
      devOps,
    }),
    variables: {
      set: (name, value) => tell('variable.set', () => agent.setVariable(run, name, value)),
      handOver: (ids) => tell('variable.handOver', () => agent.handOver(run, ids)),
      isReadOnly: () => false,
    },
    registerSecret: (value) => run.registered.add(value),
    isStopping,
    elapsed: () => world.now - run.asleep,
    wall: () => agentNow(scene, run),
    progress: () => {},
  };
}
