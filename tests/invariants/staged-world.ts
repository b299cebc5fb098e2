import type { World } from '../../src/world.ts';
import type { Engine, RunOnStage, Wait } from './run-on-stage.ts';
import { organization, type Scene } from './scene.ts';
import { bearerFor, sendOnStage } from './staged-azure-devops.ts';
import { vaultOnStage } from './staged-vault.ts';
import type { FaultKind } from './story.ts';

export type OnVariable = (variable: string, value: string) => void;

/** What a run of the engine talks to: the product's own services on the simulator's state, every call taking its turn. */
export function worldOnStage(engine: Engine, scene: Scene, run: RunOnStage, wait: Wait, onVariable: OnVariable): World {
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
    send: sendOnStage(engine, world, run, wait),
    pauses,
    clock: new engine.ServiceClock(() => world.now),
    accessToken: async () => bearerFor(world),
  };
  let account: Promise<string> | undefined;
  const accountId = () => {
    account ??= engine.readAccountId(devOps, organization);
    return account;
  };
  const pats = engine.createPatApi(devOps, organization);
  const prove = async (token: string) => engine.provePat(devOps, organization, token, await accountId());
  return {
    organization: () => ({ name: organization, pats, accountId, prove }),
    placeOf: engine.openPlaces({
      vault: scene.destination === 'vault' ? vaultOnStage(engine, scene, run, pauses, wait) : undefined,
      devOps,
    }),
    variables: {
      set: (name, value) =>
        new Promise((resolve) => {
          const proceed = (fault: FaultKind | undefined) => {
            if (fault === 'killed before') return;
            onVariable(name, value);
            if (fault !== 'killed after') resolve();
          };
          wait({ run, operation: 'variable.set', proceed });
        }),
      handOver: async () => {},
      isReadOnly: () => false,
    },
    registerSecret: () => {},
    isStopping,
    elapsed: () => world.now,
    wall: () => world.now,
    progress: () => {},
  };
}
