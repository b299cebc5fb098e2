import { doDeed, putRight } from './deeds.ts';
import { Broken, Oracle } from './oracle.ts';
import { type Engine, RunOnStage, type Waiting } from './run-on-stage.ts';
import { type Scene, selectedNames, setScene } from './scene.ts';
import { worldOnStage } from './staged-world.ts';
import type { Chapter, Deed, RunPlan, Story } from './story.ts';

/** Plays a story from its seed to its end. @throws Broken as soon as an invariant does not hold */
export async function play(engine: Engine, story: Story, tell: (line: string) => void = () => {}): Promise<void> {
  const scene = setScene(story, 1);
  const director = new Director(engine, scene, tell);
  for (const chapter of story.chapters) await director.chapter(chapter);
  await director.end();
}

/** A call on its way, and since when (by the services' time). */
type Sent = Waiting & { readonly askedAt: number };

class Director {
  readonly #engine: Engine;
  readonly #scene: Scene;
  readonly #oracle: Oracle;
  readonly #tell: (line: string) => void;
  /** With output variables: values handed over that nobody has stored yet. */
  readonly #unstored = new Map<string, string>();
  #runs = 0;

  constructor(engine: Engine, scene: Scene, tell: (line: string) => void) {
    this.#engine = engine;
    this.#scene = scene;
    this.#oracle = new Oracle(scene);
    this.#tell = tell;
  }

  async chapter(chapter: Chapter): Promise<void> {
    switch (chapter.kind) {
      case 'time passes':
        this.#tell(`${chapter.hours} hours pass`);
        this.#scene.world.advance({ hours: chapter.hours });
        return;
      case 'a person acts':
        return this.#act(chapter.deed);
      case 'runs':
        await this.#together(chapter);
        return;
    }
  }

  #act(deed: Parameters<typeof doDeed>[1]): void {
    this.#tell(`a person ${deed}`);
    this.#oracle.actor = 'a person';
    doDeed(this.#scene, deed);
  }

  /** The faults stop: complete runs, with time in between, must reach the one good state. */
  async end(): Promise<void> {
    this.#oracle.actor = 'a person';
    // Of two values stored within one second, no source tells which one consumers are given: people are slower here.
    this.#scene.world.advance({ seconds: 2 });
    putRight(this.#scene);
    this.#scene.world.advance({ seconds: 2 });
    const grace = this.#scene.destination === 'variables' && this.#wasImmediate ? 0 : 30;
    const policy = { lifetimeDays: 60, revokeAfterHours: grace, includeExpired: true };
    const calm = { concurrency: 1, faults: [] } as const;
    const renewing: RunPlan = { mode: 'advanced', policy: { ...policy, renewBeforeDays: undefined }, ...calm };
    // The rounds below take five days: what ends within them is renewed first.
    const early: RunPlan = { mode: 'advanced', policy: { ...policy, renewBeforeDays: 8 }, ...calm };
    const keeping: RunPlan = { mode: 'advanced', policy: { ...policy, renewBeforeDays: 1 }, ...calm };
    const revoking: RunPlan = { ...keeping, mode: 'revoke' };
    // A value that nobody stored is lost: only another delivery helps.
    await this.#alone(this.#unstored.size > 0 ? renewing : early);
    // I3: with a vault the next complete run is enough, once grace and the 12 hours are over. Names need one run to tell
    // what was superseded, and another one to revoke it.
    const rounds = this.#scene.destination === 'vault' ? 1 : 2;
    for (let round = 0; round < rounds; round++) {
      this.#scene.world.advance({ hours: 43 });
      await this.#alone(keeping);
      if (this.#scene.destination === 'variables') await this.#alone(revoking);
    }
    this.#oracle.checkEnd();
    const last = await this.#alone(keeping);
    if (last.writes > 0) throw new Broken('I4', `a run with nothing to do wrote ${last.writes} times`);
    if (this.#scene.destination === 'vault' && this.#scene.isLong) await this.#renewDaily(renewing, grace);
  }

  async #renewDaily(renewing: RunPlan, grace: number): Promise<void> {
    for (let day = 0; day < 6; day++) {
      this.#scene.world.advance({ hours: 24 });
      await this.#alone(renewing);
    }
    this.#oracle.checkNotPilingUp(grace);
  }

  #wasImmediate = false;

  async #alone(plan: RunPlan): Promise<RunOnStage> {
    const chapter: Chapter = { kind: 'runs', runs: [plan], order: [0], deeds: [] };
    const [run] = await this.#together(chapter);
    if (run === undefined) throw new Error('the run did not start');
    return run;
  }

  async #together(chapter: Chapter & { kind: 'runs' }): Promise<readonly RunOnStage[]> {
    const waiting: Sent[] = [];
    const runs: RunOnStage[] = [];
    const open = new Set<RunOnStage>();
    for (const plan of chapter.runs) {
      if (!this.#mayStart(plan)) continue;
      const run = new RunOnStage(`run ${++this.#runs}`, plan, this.#scene);
      run.startedAtTick = this.#oracle.tick;
      runs.push(run);
      open.add(run);
      if (plan.policy.revokeAfterHours === 0) this.#wasImmediate = true;
      this.#tell(`${run.name} starts: ${JSON.stringify(plan)}`);
      const world = worldOnStage(
        this.#engine,
        this.#scene,
        run,
        (item) => waiting.push({ ...item, askedAt: this.#scene.world.now }),
        (variable, value) => this.#onVariable(run, variable, value),
      );
      void this.#engine.run(run.settings, world).then(
        (report) => {
          run.report = report;
          open.delete(run);
        },
        (error: unknown) => {
          failures.push(error);
          open.delete(run);
        },
      );
    }
    const failures: unknown[] = [];
    for (let call = 0; open.size > 0; call++) {
      await settled();
      if (failures.length > 0) throw failures[0];
      if (waiting.length === 0) continue;
      const number = chapter.order[call % chapter.order.length] ?? 0;
      for (const timed of chapter.deeds) {
        // Between a run's last look and its revocation, people are on their own (DESIGN says so).
        if (timed.beforeCall === call && !waiting.some(isLastLook) && this.#isTold(timed.deed)) this.#act(timed.deed);
      }
      const [next] = waiting.splice(number % waiting.length, 1);
      if (next === undefined) continue;
      this.#takeTurn(next, number, waiting, open);
    }
    for (const run of runs) this.#oracle.checkRun(run);
    if (this.#scene.destination === 'variables') this.#storeStep(chapter.order[0] ?? 0);
    return runs;
  }

  /** Without a vault nothing tells a run that what it has just handed over was revoked by hand. */
  #isTold(deed: Deed): boolean {
    // "Some PAT" may be that one.
    return (
      this.#scene.destination === 'vault' ||
      (deed !== 'revokes the PAT in use' && deed !== 'revokes some PAT of the family')
    );
  }

  /** With output variables, `revoke` is a step after the one that stores the value, and only if that succeeded. */
  #mayStart(plan: RunPlan): boolean {
    return this.#scene.destination === 'vault' || plan.mode !== 'revoke' || this.#unstored.size === 0;
  }

  #takeTurn(next: Sent, number: number, waiting: Sent[], open: Set<RunOnStage>): void {
    const { run, operation } = next;
    const fault = operation === 'pause' ? undefined : run.nextFault();
    this.#scene.world.advance({ ms: [0, 0, 400, 1300][number % 4] ?? 0 });
    if (fault === 'cancelled') run.isCancelled = true;
    if (isLastLook(next)) run.hasLooked = true;
    this.#tell(`  ${run.name}: ${operation}${fault === undefined ? '' : ` — ${fault}`}`);
    this.#oracle.actor = run;
    this.#oracle.tick++;
    if (next.proving !== undefined) {
      run.proofs.set(next.proving, { tick: this.#oracle.tick, wasLost: fault !== undefined && fault !== 'very slow' });
    }
    this.#oracle.askedAt = next.askedAt;
    next.proceed(fault);
    // The answer takes its time; what was sent before stays as it was.
    if (fault === 'very slow') this.#scene.world.advance({ minutes: 35 });
    this.#oracle.actor = 'a person';
    this.#oracle.verdict();
    if (fault === 'killed before' || fault === 'killed after') {
      this.#tell(`  ${run.name} is dead`);
      run.isDead = true;
      open.delete(run);
      for (let index = waiting.length - 1; index >= 0; index--)
        if (waiting[index]?.run === run) waiting.splice(index, 1);
    }
  }

  #onVariable(run: RunOnStage, variable: string, value: string): void {
    const name = selectedNames.find((each) => `PAT_${each.toUpperCase().replace(/ /g, '_')}` === variable);
    if (name === undefined) throw new Error(`an output variable that nobody asked for: ${variable}`);
    this.#unstored.set(name, value);
    this.#oracle.onHandedOver(name, value);
    // Without a grace period the variable itself is what consumers use.
    if (run.plan.policy.revokeAfterHours === 0) this.#store(name, value);
  }

  /** The pipeline's own step: stores what was handed over, if it gets that far. */
  #storeStep(number: number): void {
    if (this.#unstored.size === 0) return;
    const happens = number % 5 !== 4;
    this.#tell(`the step that stores the values ${happens ? 'runs' : 'is lost'}`);
    if (happens) for (const [name, value] of this.#unstored) this.#store(name, value);
  }

  #store(name: string, value: string): void {
    this.#scene.stored.set(name, value);
    this.#unstored.delete(name);
  }
}

/** A pause may lie between two attempts of such a look, or of the revocation. */
function isLastLook({ operation, run }: Waiting): boolean {
  if (operation === 'pause') return run.hasLooked;
  return operation === 'pats.get' || operation === 'pats.revoke' || operation === 'vault.newest';
}

/** Everything that can go on by itself has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
