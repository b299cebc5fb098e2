import assert from 'node:assert/strict';
import type { World } from '../../simulator/index.ts';
import { inPool } from '../../src/pool.ts';
import { type Company, type Job, type Situation, type StepRun, situation, situationIn } from '../blackbox/situation.ts';
import { Consumers, name, secret } from './consumers.ts';
import { type Fate, fates, runWith } from './fate.ts';
import { type Pipeline, pipelines, type Step } from './pipelines.ts';
import { stateOf } from './state.ts';

/** One PAT that is to be replaced, one that is none of the task's business. */
const company: Company = {
  pats: [{ displayName: name }, { displayName: 'Personal' }],
  secrets: { [secret]: { value: { pat: name }, contentType: 'text/x-token', tags: { team: 'feeds' } } },
};

/** Longer than the grace period and the 12 hours in which another run may still go on. */
const untilTheNextRun = { hours: 61 };

/** A copy of the world as it was before the run that dies, and what consumers were given until then. */
interface Scene {
  readonly world: World;
  readonly consumers: Consumers;
}

/** What the runs after a crash come to, by the state that it left: a dead process leaves nothing else behind. */
type Futures = Map<string, Promise<readonly string[]>>;

/** RENEWPATS_EACH_RECOVERY: recover after each crash anew, also from states that have been recovered from already. */
const isEachRecovered = (process.env.RENEWPATS_EACH_RECOVERY ?? '') !== '';

/** Runs at once: the cores have little else to do while a run waits for an answer or a pause. */
const atOnce = 3;

describe('The process dies, or an answer is lost, at every single request', () => {
  let points = 0;
  let states = 0;
  let runs = 0;
  after(() => {
    console.log(
      `    ${points} crash points; they leave ${states} states to recover from; ${runs} runs of the packaged task`,
    );
  });

  for (const pipeline of pipelines) {
    it(pipeline.title, async function () {
      this.timeout(isEachRecovered ? 0 : 170_000);
      const scene = await sceneBefore(pipeline);
      const requests = await undisturbed(pipeline, scene);
      const all = fates.flatMap((fate) => Array.from({ length: requests }, (_, index) => ({ fate, at: index + 1 })));
      const futures: Futures = new Map();
      const told = await inPool(all, atOnce, ({ fate, at }) => crash(pipeline, scene, futures, fate, at));
      assert.deepEqual(told.flat(), []);
      points += all.length;
      states += futures.size;
    });
  }

  /** The world with a PAT in use and a superseded one, whose grace period is over. */
  async function sceneBefore({ before, destination }: Pipeline): Promise<Scene> {
    const here = await situation(company, process.execPath);
    const [first] = here.named(name);
    assert.ok(first);
    const consumers = new Consumers(here.world, destination, [{ value: first.value, since: 0 }]);
    for (const steps of before) {
      await pipelineRun(here, consumers, steps);
      here.world.advance(untilTheNextRun);
    }
    await here.close();
    assert.deepEqual(consumers.broken, []);
    return { world: here.world, consumers };
  }

  /** How many requests the step sends; and that it has something to interrupt. */
  async function undisturbed({ dying, does, after }: Pipeline, scene: Scene): Promise<number> {
    const { here, consumers } = await copyOf(scene);
    try {
      const run = await pipelineRun(here, consumers, dying);
      const changes = run.writes.map(({ operation }) => operation);
      assert.deepEqual(changes.sort(), [...does].sort());
      assert.deepEqual(await recover(here, consumers, after), []);
      return run.requests.length;
    } finally {
      await here.close();
    }
  }

  async function crash(
    pipeline: Pipeline,
    scene: Scene,
    futures: Futures,
    fate: Fate,
    at: number,
  ): Promise<readonly string[]> {
    const { here, consumers } = await copyOf(scene);
    const told: string[] = [];
    try {
      await runWith(here.simulator, fate, at, (job) => pipelineRun(here, consumers, pipeline.dying, job));
      const state = `${isEachRecovered ? `${fate} ${at} ` : ''}${stateOf(here.world)} ${consumers.told()}`;
      const future = futures.get(state) ?? recover(here, consumers, pipeline.after);
      futures.set(state, future);
      told.push(...(await future), ...consumers.broken);
    } catch (error) {
      told.push(error instanceof Error ? error.message : String(error));
    } finally {
      await here.close();
    }
    const { operation } = here.simulator.requests[at - 1] ?? { operation: 'none' };
    return [...new Set(told)].map((sentence) => `${fate} request ${at} (${operation}): ${sentence}`);
  }

  async function recover(here: Situation, consumers: Consumers, after: Pipeline['after']): Promise<readonly string[]> {
    const told: string[] = [];
    for (const steps of after) {
      here.world.advance(untilTheNextRun);
      const { result, errors } = await pipelineRun(here, consumers, steps);
      if (result !== 'Succeeded') told.push(`the run after it failed: ${errors.join(' ')}`);
    }
    consumers.checkEnd();
    return [...told, ...consumers.broken];
  }

  /** @returns the first step's run, to which alone `job` belongs */
  async function pipelineRun(
    here: Situation,
    consumers: Consumers,
    steps: readonly Step[],
    job: Job = {},
  ): Promise<StepRun> {
    let first: StepRun | undefined;
    let handedOver: string | undefined;
    for (const step of steps) {
      if (step === 'store the value') {
        if (handedOver !== undefined) consumers.give(handedOver);
        continue;
      }
      consumers.stepStarts(Number(step.revokeAfterHours ?? 48));
      const run = await here.run({ pats: name, ...step }, first === undefined ? job : {});
      runs++;
      handedOver = run.outputs.PAT_BUILD_FEED;
      if (handedOver !== undefined) consumers.deliver(handedOver);
      // Without a grace period the variable itself is what consumers use.
      if (handedOver !== undefined && step.revokeAfterHours === '0' && step.keyVault === undefined)
        consumers.give(handedOver);
      consumers.stepEnded();
      assert.ok((run.operations['pats.create'] ?? 0) <= 1, 'I9: a creation was repeated');
      first ??= run;
      if (run.result !== 'Succeeded') break;
    }
    assert.ok(first);
    return first;
  }
});

async function copyOf(scene: Scene): Promise<{ readonly here: Situation; readonly consumers: Consumers }> {
  const world = scene.world.fork();
  return { here: await situationIn(world, process.execPath), consumers: scene.consumers.in(world) };
}
