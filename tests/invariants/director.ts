import { doDeed, putRight, revokeLeftovers, takeBack } from './deeds.ts';
import { Broken, Oracle } from './oracle.ts';
import { type Engine, type Job, RunOnStage, type Waiting } from './run-on-stage.ts';
import { type Scene, selectedNames, setScene, variableOf } from './scene.ts';
import { type Agent, worldOnStage } from './staged-world.ts';
import type { Chapter, Confirmation, PersonsDeed, RunPlan, Story, TimedFault } from './story.ts';

const minute = 60_000;

/** Plays a story from its seed to its end. @throws Broken as soon as an invariant does not hold */
export async function play(engine: Engine, story: Story, tell: (line: string) => void = () => {}): Promise<void> {
  const scene = setScene(story, 1);
  const director = new Director(engine, scene, tell);
  for (const chapter of story.chapters) await director.chapter(chapter);
  await director.end();
}

/** A call on its way, and since when (by the services' time). */
type Sent = Waiting & { readonly askedAt: number };

type Runs = Chapter & { kind: 'runs' };

/** What goes on at once: jobs whose calls take turns. */
interface Scenery {
  readonly waiting: Sent[];
  readonly open: Set<RunOnStage>;
  readonly runs: RunOnStage[];
  readonly order: readonly number[];
  jobs: number;
}

class Director {
  readonly #engine: Engine;
  readonly #scene: Scene;
  readonly #oracle: Oracle;
  readonly #tell: (line: string) => void;
  readonly #agent: Agent;
  #runs = 0;

  constructor(engine: Engine, scene: Scene, tell: (line: string) => void) {
    this.#engine = engine;
    this.#scene = scene;
    this.#oracle = new Oracle(scene);
    this.#tell = tell;
    this.#agent = {
      setVariable: ({ job }, variable, value) => {
        job.variables.set(variable, value);
        this.#oracle.onHandedOver(value);
      },
      handOver: ({ job }, ids) => {
        job.handedOver = ids;
      },
    };
  }

  async chapter(chapter: Chapter): Promise<void> {
    switch (chapter.kind) {
      case 'time passes':
        this.#tell(`${chapter.hours} hours pass`);
        this.#scene.world.advance({ hours: chapter.hours });
        return;
      case 'a person acts':
        return this.#act(chapter);
      case 'runs':
        await this.#together(chapter);
        return;
    }
  }

  #act({ deed, toSecond = false }: PersonsDeed): void {
    this.#tell(`a person ${deed}${toSecond ? ' (second family)' : ''}`);
    this.#oracle.actor = 'a person';
    doDeed(this.#scene, { deed, toSecond });
    this.#oracle.verdict();
  }

  /** The faults stop: complete runs, with time in between, must reach the one good state. */
  async end(): Promise<void> {
    const { world, places, start } = this.#scene;
    this.#oracle.actor = 'a person';
    // Of two values stored within one second, no source tells which one consumers are given: people are slower here.
    world.advance({ seconds: 2 });
    putRight(this.#scene);
    this.#oracle.verdict();
    const grace = 30;
    const policy = { lifetimeDays: 60, revokeAfterHours: grace, includeExpired: !start.expiredTwin };
    const calm = { concurrency: 1, faults: [], takeOver: true, confirm: { faults: [], hours: 0 } } as const;
    const renewing: RunPlan = { mode: 'advanced', policy: { ...policy, renewBeforeDays: undefined }, ...calm };
    // The rounds below take days: what ends within them is renewed first.
    const early: RunPlan = { mode: 'advanced', policy: { ...policy, renewBeforeDays: 8 }, ...calm };
    const keeping: RunPlan = { mode: 'advanced', policy: { ...policy, renewBeforeDays: 1 }, ...calm };
    // I3: orphans 12 hours old, a renewal, then the grace over.
    world.advance({ hours: start.clocks === 'no Date, agent ahead' ? 15 : 13 });
    // In a vault the versions tell who came after whom; what a place that keeps one value holds is known after a renewal.
    const keepsOne = places.some((place) => place !== 'vault');
    const first = await this.#alone(keepsOne ? renewing : early, false);
    if (!first.isGreen) {
      // It may have asked for a person, where more PATs have been made for nothing than a run goes on with.
      this.#oracle.actor = 'a person';
      for (const name of selectedNames) revokeLeftovers(this.#scene, name);
      world.advance({ hours: 1 });
      await this.#alone(early);
    }
    world.advance({ hours: 43 });
    await this.#alone(keeping);
    this.#oracle.checkEnd();
    const last = await this.#alone(keeping);
    if (last.writes > 0) throw new Broken('I4', `a run with nothing to do wrote ${last.writes} times`);
    if (places.length > 0 && this.#scene.isLong) await this.#renewDaily(renewing, grace);
    // Liveness: what ends soon is due.
    world.advance({ hours: 24 * (start.shortLives ? 15 : 55) });
    await this.#alone({ ...early, policy: { ...policy, renewBeforeDays: 7 } });
  }

  async #renewDaily(renewing: RunPlan, grace: number): Promise<void> {
    for (let day = 0; day < 6; day++) {
      this.#scene.world.advance({ hours: 24 });
      await this.#alone(renewing);
    }
    this.#oracle.checkNotPilingUp(grace);
  }

  /** One job that nothing disturbs. @returns its step of mode advanced */
  async #alone(plan: RunPlan, mustBeGreen = true): Promise<RunOnStage> {
    const runs = await this.#together({ kind: 'runs', runs: [plan], order: [0], deeds: [] });
    const [run] = runs;
    if (run === undefined) throw new Error('the run did not start');
    const red = runs.find(({ isGreen }) => !isGreen);
    if (mustBeGreen && red !== undefined)
      throw new Broken('I3', `a run that nothing disturbed was not green in the end: ${whyRed(red)}`);
    return run;
  }

  async #together(chapter: Runs): Promise<readonly RunOnStage[]> {
    const scenery: Scenery = {
      waiting: [],
      open: new Set(),
      runs: [],
      order: chapter.order,
      jobs: chapter.runs.length,
    };
    const failures: unknown[] = [];
    const isDisturbed = chapter.runs.length > 1 || chapter.deeds.length > 0;
    for (const plan of chapter.runs) {
      void this.#job(plan, scenery, isDisturbed)
        .catch((error: unknown) => failures.push(error))
        .finally(() => scenery.jobs--);
    }
    for (let call = 0; scenery.jobs > 0; call++) {
      await settled();
      if (failures.length > 0) throw failures[0];
      const { waiting } = scenery;
      if (waiting.length === 0) continue;
      const number = chapter.order[call % chapter.order.length] ?? 0;
      for (const timed of chapter.deeds) {
        // Between a run's last look and its revocation or write, however late that lands, people are on their own (DESIGN
        // says so).
        if (
          timed.beforeCall === call &&
          !waiting.some((item) => this.#isWatched(item)) &&
          this.#scene.late.length === 0
        )
          this.#act(timed);
      }
      if (this.#scene.late.length > 0 && number % 3 === 2) this.#land();
      const [next] = waiting.splice(number % waiting.length, 1);
      if (next !== undefined) this.#takeTurn(next, number, scenery);
    }
    while (this.#scene.late.length > 0) this.#land();
    takeBack(this.#scene);
    if (failures.length > 0) throw failures[0];
    for (const run of scenery.runs) this.#oracle.checkRun(run);
    return scenery.runs;
  }

  /** The steps of one job. */
  async #job(plan: RunPlan, scenery: Scenery, isDisturbed: boolean): Promise<void> {
    const { world, places } = this.#scene;
    const job: Job = { startedAt: world.now, variables: new Map(), handedOver: [] };
    let run = await this.#step(plan, plan.faults, job, scenery, isDisturbed);
    const retries = plan.retries ?? [];
    for (const faults of retries) {
      if (run.isGreen || run.isCancelled) break;
      run = await this.#step(plan, faults, job, scenery, true);
    }
    // A cancelled job's later steps do not run.
    if (run.isCancelled || plan.mode !== 'advanced' || plan.dryRun === true) return;
    // Jobs have time limits, far below the 12 hours within which a value has to be stored.
    if (world.now - job.startedAt > 11 * 60 * minute) return;
    if (places.length === 0 && job.handedOver.length > 0) {
      if (plan.store !== undefined) {
        this.#tell(`the step that stores the values ${plan.store}`);
        return;
      }
      await this.#storeStep(run, job, scenery);
    }
    if (plan.confirm !== undefined && places.length === 0)
      await this.#confirmStep({ ...plan, confirm: plan.confirm }, job, run, scenery, isDisturbed);
    if (run.isGreen && !run.isDisturbed && plan.faults.length === 0 && retries.length === 0)
      this.#oracle.checkLive(run);
  }

  #storeStep(run: RunOnStage, job: Job, { waiting }: Scenery): Promise<void> {
    return new Promise((resolve) => {
      const proceed = () => {
        for (const name of selectedNames) {
          const value = job.variables.get(variableOf(name));
          if (value !== undefined) this.#scene.stored.set(name, value);
        }
        this.#oracle.onStored();
        resolve();
      };
      waiting.push({ run, operation: 'a step stores the values', proceed, askedAt: this.#scene.world.now });
    });
  }

  async #confirmStep(
    plan: RunPlan & { readonly confirm: Confirmation },
    job: Job,
    { asleep, setBack }: RunOnStage,
    scenery: Scenery,
    isDisturbed: boolean,
  ): Promise<void> {
    const { faults, hours } = plan.confirm;
    // While other jobs go on, time goes on for them as well, and none of them takes half a day.
    if (!isDisturbed) this.#scene.world.advance({ hours });
    const { mode: _, retries: __, ...rest } = plan;
    const step = this.#step({ ...rest, mode: 'revoke' }, faults, job, scenery, isDisturbed, { asleep, setBack });
    await step;
  }

  /** One process. It may die. */
  async #step(
    plan: RunPlan,
    faults: readonly TimedFault[],
    job: Job,
    { waiting, open, runs, jobs }: Scenery,
    isDisturbed: boolean,
    machine: { readonly asleep: number; readonly setBack: number } = { asleep: 0, setBack: 0 },
  ): Promise<RunOnStage> {
    const run = new RunOnStage(`run ${++this.#runs}`, plan, faults, job, this.#scene);
    run.startedAtTick = this.#oracle.tick;
    run.startedAt = this.#scene.world.now;
    run.wasAlone = !isDisturbed;
    run.isBesideOthers = jobs > 1 || plan.faults.some(({ fault }) => fault.startsWith('killed'));
    run.setBack = machine.setBack;
    runs.push(run);
    open.add(run);
    this.#tell(`${run.name} starts: ${JSON.stringify(plan)}`);
    const wait = (item: Waiting) => {
      if (!run.isDead) waiting.push({ ...item, askedAt: this.#scene.world.now });
    };
    const world = worldOnStage(this.#engine, this.#scene, run, wait, this.#agent);
    const report = this.#engine.run(run.settings, world).then((told) => {
      if (run.isDead) return;
      run.report = told;
      open.delete(run);
      this.#tell(
        `  ${run.name} ends${run.isGreen ? '' : ` and is red: ${whyRed(run)}`}; read are ${this.#oracle.tellReaders()}`,
      );
    });
    await Promise.race([report, run.ended]);
    return run;
  }

  /** With several places, the last look at one comes after the last look at another. */
  #isWatched(item: Waiting): boolean {
    const isFollower = item.operation === 'groups.get' || item.operation === 'endpoints.get';
    return isLastLook(item) || (isFollower && this.#scene.places.length > 1);
  }

  #land(): void {
    const land = this.#scene.late.shift();
    if (land === undefined) return;
    this.#tell('  a write that was answered with an error is carried out');
    const { actor } = this.#oracle;
    const sent = this.#sentLate.get(land);
    if (sent !== undefined) {
      this.#oracle.actor = sent.run;
      this.#oracle.askedAt = sent.askedAt;
    }
    land();
    this.#oracle.actor = actor;
    this.#oracle.verdict();
  }

  /** Who sent a write that lands late, and when. */
  readonly #sentLate = new Map<() => void, Sent>();

  #takeTurn(next: Sent, number: number, { waiting, open }: Scenery): void {
    const { run, operation } = next;
    const { world } = this.#scene;
    const isCall = operation !== 'pause' && operation !== 'a step stores the values';
    const drawn = isCall ? run.nextFault() : undefined;
    // A broken write that coincides with another run, or with a kill, is left open (DESIGN says so).
    const fault = drawn === 'torn' && run.isBesideOthers ? 'server error, not done' : drawn;
    world.advance({ ms: [0, 0, 400, 1300][number % 4] ?? 0 });
    if (fault === 'cancelled') run.isCancelled = true;
    if (isLastLook(next)) run.hasLooked = true;
    this.#tell(`  ${run.name}: ${operation}${fault === undefined ? '' : ` — ${fault}`}`);
    this.#oracle.actor = run;
    this.#oracle.tick++;
    if (next.proving !== undefined) {
      const wasLost = fault !== undefined && fault !== 'very slow' && fault !== 'asleep';
      run.proofs.set(next.proving, { tick: this.#oracle.tick, wasLost });
    }
    this.#oracle.askedAt = next.askedAt;
    next.proceed(fault);
    for (const land of this.#scene.late) if (!this.#sentLate.has(land)) this.#sentLate.set(land, next);
    // The answer takes its time; what was sent before stays as it was.
    if (fault === 'very slow' || fault === 'lost slowly, clock set back') world.advance({ minutes: 35 });
    if (fault === 'lost slowly, clock set back') run.setBack += 40 * minute;
    if (fault === 'asleep') {
      world.advance({ hours: 13 });
      run.asleep += 13 * 60 * minute;
    }
    this.#oracle.actor = 'a person';
    this.#oracle.verdict();
    if (fault === 'killed before' || fault === 'killed after') {
      this.#tell(`  ${run.name} is dead`);
      run.isDead = true;
      open.delete(run);
      for (let index = waiting.length - 1; index >= 0; index--)
        if (waiting[index]?.run === run) waiting.splice(index, 1);
      run.end();
    }
  }
}

function whyRed({ report }: RunOnStage): string {
  const entries = report?.organizations.flatMap(({ pats }) => pats.filter(({ outcome }) => outcome === 'failed')) ?? [];
  return [
    report?.failure,
    ...entries.map(({ message }) => message),
    ...(report?.unreachable ?? []).map((one) => one.message),
  ].join(' ');
}

/** A pause may lie between two attempts of such a look, or of the revocation. */
function isLastLook({ operation, run }: Waiting): boolean {
  if (operation === 'pause') return run.hasLooked;
  return ['pats.get', 'pats.revoke', 'vault.newest', 'groups.update', 'endpoints.update'].includes(operation);
}

/** Everything that can go on by itself has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
