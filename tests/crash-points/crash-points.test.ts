import assert from 'node:assert/strict';
import type { World } from '../../simulator/index.ts';
import { inPool } from '../../src/pool.ts';
import { isAllPackaged } from '../blackbox/on-each-node.ts';
import { type Company, type Job, type Situation, type StepRun, situation, situationIn } from '../blackbox/situation.ts';
import { Consumers, name, secret, variable } from './consumers.ts';
import { type Fate, fates, runWith } from './fate.ts';
import { type Pipeline, pipelines, type Step } from './pipelines.ts';
import { stateOf } from './state.ts';

/** One PAT that is to be replaced, one that is none of the task's business. */
const company: Company = {
  pats: [{ displayName: name }, { displayName: 'Personal' }],
  secrets: { [secret]: { value: { pat: name }, contentType: 'text/x-token', tags: { team: 'feeds' } } },
  organization: { projects: { Tools: { groups: { feeds: {} } } } },
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

/**
 * The step that meets its fate is the packaged task in a process of its own always, because it is given a `powerCut`
 * (`ofTheProcess` in situation.ts). The runs before and after it share nothing with it but the services.
 */
const nodePath = isAllPackaged ? process.execPath : undefined;

/** Runs at once: the cores have little else to do while a run waits for an answer or a pause. */
const atOnce = 3;

describe('The process dies, or an answer is lost, at every single request', () => {
  let crashes = 0;
  let states = 0;
  let runs = 0;
  after(() => {
    console.log(`    ${crashes} crash points; they leave ${states} states to recover from; ${runs} runs of the task`);
  });

  for (const pipeline of pipelines) {
    it(pipeline.title, async function () {
      // Nothing fails because a machine is busy.
      this.timeout(0);
      const scene = await sceneBefore(pipeline);
      const { from, requests } = await undisturbed(pipeline, scene);
      const points = Array.from({ length: requests }, (_, index) => from + index + 1);
      const all = fates.flatMap((fate) => points.map((at) => ({ fate, at })));
      const futures: Futures = new Map();
      const told = await inPool(all, atOnce, ({ fate, at }) => crash(pipeline, scene, futures, fate, at));
      assert.deepEqual(told.flat(), []);
      crashes += all.length;
      states += futures.size;
    });
  }

  /** The world with a PAT in use and a superseded one, whose grace period is over. */
  async function sceneBefore({ before, places }: Pipeline): Promise<Scene> {
    const here = await situation(company, nodePath);
    const [first] = here.named(name);
    assert.ok(first);
    const consumers = new Consumers(here.world, places, { stored: first.value });
    for (const steps of before) {
      await runJob(here, consumers, steps);
      here.world.advance(untilTheNextRun);
    }
    await here.close();
    assert.deepEqual(consumers.broken, []);
    return { world: here.world, consumers };
  }

  /** Which requests the dying step sends; and that it has something to interrupt. */
  async function undisturbed({ dying, dies, does, after }: Pipeline, scene: Scene) {
    const { here, consumers } = await copyOf(scene);
    try {
      // A process as those that die are, lest it be another program whose requests are counted.
      const job = { powerCut: new AbortController().signal };
      const steps = await runJob(here, consumers, dying.slice(0, dies + 1), { dies, job });
      const before = steps.slice(0, -1).reduce((sum, { requests }) => sum + requests.length, 0);
      const step = steps.at(-1);
      assert.ok(step, 'the step ran');
      const changes = step.writes.map(({ operation }) => operation);
      assert.deepEqual(changes.sort(), [...does].sort());
      assert.deepEqual(await recover(here, consumers, after), []);
      return { from: before, requests: step.requests.length };
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
      await runWith(here.simulator, fate, at, (job) =>
        runJob(here, consumers, pipeline.dying, { dies: pipeline.dies, job }),
      );
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
      for (const step of await runJob(here, consumers, steps))
        if (!isGreen(step)) told.push(`a step after it failed: ${step.errors.join(' ')}`);
    }
    consumers.checkEnd();
    return [...told, ...consumers.broken];
  }

  /** The steps of one job. @returns those with the task; only the one that dies is given `fate.job` */
  async function runJob(
    here: Situation,
    consumers: Consumers,
    steps: readonly Step[],
    fate?: { readonly dies: number; readonly job: Job },
  ): Promise<readonly StepRun[]> {
    const done: StepRun[] = [];
    let value: string | undefined;
    let variables: Job['variables'] = {};
    for (const [index, step] of steps.entries()) {
      if (step === 'store the value') {
        if (value !== undefined) consumers.store(value);
        continue;
      }
      consumers.stepStarts(Number(step.revokeAfterHours ?? 48));
      const given = fate !== undefined && fate.dies === index ? fate.job : {};
      const run = await here.run({ pats: name, ...step }, { ...given, variables });
      runs++;
      value = run.outputs[variable];
      if (value !== undefined) consumers.handOver(value);
      if (run.handedOver !== undefined) variables = { 'RenewPats.HandedOver': run.handedOver };
      assert.ok((run.operations['pats.create'] ?? 0) <= 1, 'I9: a creation was repeated');
      done.push(run);
      if (!isGreen(run)) break;
    }
    return done;
  }
});

/** With issues, too: a value that was never confirmed is one. */
function isGreen({ result }: StepRun): boolean {
  return result === 'Succeeded' || result === 'SucceededWithIssues';
}

async function copyOf(scene: Scene): Promise<{ readonly here: Situation; readonly consumers: Consumers }> {
  const world = scene.world.fork();
  return { here: await situationIn(world, nodePath), consumers: scene.consumers.in(world) };
}
