import { Broken } from '../oracle.ts';
import { type Engine, RunOnStage, type Waiting } from '../run-on-stage.ts';
import { worldOnStage } from '../staged-world.ts';
import { PlaceOracle } from './place-oracle.ts';
import { setPlaceScene } from './place-scene.ts';
import type { PlaceChapter, PlaceFault, PlaceRun, PlaceStory } from './place-story.ts';

/** Plays a story to its end, and then lets complete runs put things right. @throws Broken if an invariant does not hold */
export async function playPlaces(engine: Engine, story: PlaceStory, tell: (line: string) => void = () => {}) {
  const scene = setPlaceScene(story);
  const { world } = scene;
  const oracle = new PlaceOracle(scene);
  let runs = 0;

  const act = (deed: Parameters<typeof scene.act>[0]) => {
    tell(`a person ${deed}`);
    oracle.actor = 'a person';
    scene.act(deed);
    oracle.verdict();
  };

  const together = async (
    chapter: PlaceChapter & { kind: 'runs' },
    takeOver: boolean,
  ): Promise<readonly RunOnStage[]> => {
    const waiting: Waiting[] = [];
    const { late } = scene;
    const open = new Set<RunOnStage>();
    const failures: unknown[] = [];
    const started = chapter.runs.map((plan) => {
      const job = { startedAt: world.now, variables: new Map(), handedOver: [] };
      const run = new RunOnStage(`run ${++runs}`, { ...plan, faults: [] }, [], job, scene);
      const faults = new Map(plan.faults.flatMap(({ atCall, fault, times }) => spread(atCall, fault, times)));
      open.add(run);
      tell(`${run.name} starts: ${JSON.stringify(plan)}`);
      const stage = worldOnStage(engine, scene, run, (item) => waiting.push(item), {
        setVariable: () => {},
        handOver: () => {},
      });
      engine.run(scene.settings(run.settings, takeOver), stage).then(
        (report) => {
          run.report = report;
          for (const { displayName, outcome, message } of report.organizations.flatMap(({ pats }) => pats))
            tell(`  ${run.name} says: ${displayName} ${outcome} ${message ?? ''}`);
          open.delete(run);
        },
        (error: unknown) => {
          failures.push(error);
          open.delete(run);
        },
      );
      return { run, faults };
    });
    const faultsOf = new Map(started.map(({ run, faults }) => [run, faults]));
    for (let call = 0; open.size > 0; call++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (failures.length > 0) throw failures[0];
      if (waiting.length === 0) continue;
      const number = chapter.order[call % chapter.order.length] ?? 0;
      // Between a run's last look and its revocation, or its read and its write, people are on their own.
      const isOpen = !waiting.some((each) => isLastLook(each) || isWrite(each));
      for (const { beforeCall, deed } of chapter.deeds) if (beforeCall === call && isOpen) act(deed);
      if (late.length > 0 && number % 3 === 0 && !waiting.some(isLastLook)) {
        tell('  a late write lands');
        oracle.actor = 'a run of before';
        late.shift()?.();
        oracle.verdict();
      }
      const [next] = waiting.splice(number % waiting.length, 1);
      if (next === undefined) continue;
      const { run, operation } = next;
      const fault = operation === 'pause' ? undefined : faultsOf.get(run)?.get(run.calls++);
      world.advance({ ms: [0, 0, 400, 1300][number % 4] ?? 0 });
      if (fault === 'cancelled') run.isCancelled = true;
      if (isLastLook(next)) run.hasLooked = true;
      tell(`  ${run.name}: ${operation}${fault === undefined ? '' : ` — ${fault}`}`);
      oracle.actor = run;
      if (fault === 'breaks off') next.proceed(isWrite(next) ? 'torn' : undefined);
      else if (fault === 'lands late') next.proceed('late');
      else next.proceed(fault);
      if (fault === 'very slow') world.advance({ minutes: 35 });
      oracle.actor = 'a person';
      oracle.verdict();
      if (fault === 'killed before' || fault === 'killed after') {
        tell(`  ${run.name} is dead`);
        run.isDead = true;
        open.delete(run);
        for (let index = waiting.length - 1; index >= 0; index--)
          if (waiting[index]?.run === run) waiting.splice(index, 1);
      }
    }
    for (const land of late.splice(0)) {
      tell('  a late write lands');
      oracle.actor = 'a run of before';
      land();
      oracle.verdict();
    }
    return started.map(({ run }) => run);
  };

  const alone = async (plan: PlaceRun): Promise<RunOnStage | undefined> => {
    const [run] = await together({ kind: 'runs', runs: [plan], order: [0], deeds: [] }, true);
    return run;
  };

  for (const chapter of story.chapters) {
    if (chapter.kind === 'time passes') {
      tell(`${chapter.hours} hours pass`);
      world.advance({ hours: chapter.hours });
    } else if (chapter.kind === 'a person acts') act(chapter.deed);
    else await together(chapter, true);
  }

  tell('the faults stop');
  const policy = { lifetimeDays: 60, renewBeforeDays: undefined, revokeAfterHours: 24, includeExpired: true };
  const renewing: PlaceRun = { mode: 'advanced', policy, concurrency: 1, faults: [] };
  const keeping: PlaceRun = { ...renewing, policy: { ...policy, renewBeforeDays: 7 } };
  world.advance({ hours: 13 });
  await alone(renewing);
  for (let round = 0; round < 3; round++) {
    world.advance({ hours: 43 });
    await alone(keeping);
  }
  oracle.checkEnd();
  const last = await alone(keeping);
  if (last !== undefined && last.writes > 0)
    throw new Broken('I4', `a run with nothing to do wrote ${last.writes} times`);
  if (!story.isLong || !oracle.isSettled) return;
  const daily: PlaceRun = { ...renewing, policy: { ...policy, revokeAfterHours: 48 } };
  for (let day = 0; day < 6; day++) {
    world.advance({ hours: 24 });
    await alone(daily);
  }
  oracle.checkNotPilingUp(daily.policy.revokeAfterHours);
}

function spread(atCall: number, fault: PlaceFault, times: number): readonly (readonly [number, PlaceFault])[] {
  return Array.from({ length: times }, (_, repeat) => [atCall + repeat, fault] as const);
}

/** A pause may lie between two attempts of such a look, or of the revocation. */
function isLastLook({ operation, run }: Waiting): boolean {
  if (operation === 'pause') return run.hasLooked;
  return /^(pats\.(get|revoke)|vault\.newest|groups\.get|endpoints\.get)$/.test(operation);
}

function isWrite({ operation }: Waiting): boolean {
  return operation === 'groups.update' || operation === 'endpoints.update';
}
