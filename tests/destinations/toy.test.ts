import assert from 'node:assert/strict';
import { destinations, openPlaces } from '../../src/destinations/registry.ts';
import * as engine from '../invariants/engine.ts';
import { type Job, RunOnStage } from '../invariants/run-on-stage.ts';
import { activeOf, selectedNames, setScene } from '../invariants/scene.ts';
import { worldOnStage } from '../invariants/staged-world.ts';
import { type RunPlan, usualStart } from '../invariants/story.ts';
import { BoxInMemory } from './toy/box.ts';
import { toyOf } from './toy/destination.ts';

const advanced: RunPlan = {
  mode: 'advanced',
  policy: { lifetimeDays: 60, renewBeforeDays: 14, revokeAfterHours: 48, includeExpired: false },
  concurrency: 4,
  faults: [],
};
const drawers = { 'Build feed': 'Build-feed', Deploy: 'Deploy' } as const;

/** The account's world with a toy in it, and nights of the whole engine. */
function companyWithToy() {
  const scene = setScene({ places: ['vault'], start: usualStart, chapters: [] }, 1);
  const { world } = scene;
  const box = new BoxInMemory(() => world.now);
  // All that it takes: a folder, and this line. Rules write it as they write a secret: their spelling is the settings’ own.
  const registry = { ...destinations, secret: toyOf(box) };
  const withToy = {
    ...engine,
    openPlaces: (services: Parameters<typeof openPlaces>[0]) => openPlaces(services, registry),
  };
  const agent = { setVariable: () => assert.fail('nothing is handed over'), handOver: () => {} };

  /** One run: what it tells of each PAT, and what it wrote. */
  const night = async () => {
    const asked: string[] = [];
    const before = box.puts;
    const job: Job = { startedAt: world.now, variables: new Map(), handedOver: [] };
    const run = new RunOnStage('run', advanced, [], job, scene);
    const staged = worldOnStage(
      withToy,
      scene,
      run,
      ({ operation, proceed }) => {
        asked.push(operation);
        proceed(undefined);
      },
      agent,
    );
    const report = await engine.run(run.settings, staged);
    return {
      told: report.organizations.flatMap(({ pats }) => pats),
      warnings: report.warnings,
      writes: asked.filter((operation) => /create|update|revoke|vault\./.test(operation)),
      puts: box.puts - before,
    };
  };
  const inUse = (name: (typeof selectedNames)[number]) => box.served(drawers[name]);
  return { world, night, inUse, active: (name: string) => activeOf(scene, name) };
}

describe('A destination that the engine has never heard of', () => {
  it('is given the values of new PATs, is left alone while nothing is due, and lets the old ones go after the grace', async () => {
    const { world, night, inUse, active } = companyWithToy();
    const old = selectedNames.map((name) => active(name)[0]?.authorizationId);

    const first = await night();
    for (const name of selectedNames) {
      const made = active(name).find(({ value }) => value === inUse(name)?.value);
      assert.ok(made !== undefined, 'consumers are given a PAT that works');
      assert.ok(!old.includes(made.authorizationId));
      assert.equal(inUse(name)?.claim?.authorizationId, made.authorizationId.toLowerCase());
      assert.equal(active(name).length, 2);
    }
    assert.deepEqual([first.puts, first.warnings], [2, []]);
    assert.deepEqual(first.writes, ['pats.create', 'pats.create']);
    assert.deepEqual(first.told.flatMap(({ destinations: places = [] }) => places.map(({ place }) => place)).sort(), [
      'toy/Build-feed',
      'toy/Deploy',
    ]);

    world.advance({ hours: 24 });
    const second = await night();
    assert.deepEqual([second.writes, second.puts], [[], 0]);

    world.advance({ hours: 25 });
    const third = await night();
    assert.deepEqual([third.writes, third.puts], [['pats.revoke', 'pats.revoke'], 0]);
    for (const name of selectedNames)
      assert.deepEqual(
        active(name).map(({ value }) => value),
        [inUse(name)?.value],
      );
  });

  it('is given successors when the time has come, and what is in use always works', async () => {
    const { world, night, inUse, active } = companyWithToy();
    await night();
    const values = new Set([inUse('Deploy')?.value]);
    for (let days = 0; days < 120; days += 3) {
      world.advance({ hours: 72 });
      await night();
      const value = inUse('Deploy')?.value;
      assert.ok(active('Deploy').some((pat) => pat.value === value));
      values.add(value);
    }
    assert.equal(values.size, 3);
  });
});
