import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { play } from './director.ts';
import { faults } from './faults.ts';
import { knownStories } from './known-stories.ts';
import { Broken } from './oracle.ts';
import { buildPlanted, type PlantedEngine } from './planted.ts';
import type { Story } from './story.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The checks must bite: each fault that is planted in the product has to break an invariant, in a story that is kept for it. */
describe('a fault planted in the product', function () {
  this.timeout(0);
  let folder: string;
  let planted: PlantedEngine;
  // Inside the checkout, so that the bundle finds the packages.
  before(async () => {
    folder = await mkdtemp(join(here, '.planted-'));
    planted = await buildPlanted(
      faults.flatMap(({ swaps }) => swaps()),
      join(folder, 'engine.mjs'),
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const { name, caughtBy, swaps } of faults) {
    it(`is caught by ${caughtBy.join(' or ')}: ${name}`, async () => {
      const stories = knownStories.filter(({ reveals }) => reveals === name);
      assert.ok(stories.length > 0, 'no story is kept for it (npm run find-story)');
      for (const { story } of stories) {
        planted.plant(swaps());
        const broken = await brokenIn(story);
        assert.ok(broken !== undefined, 'no invariant caught it');
        assert.ok(caughtBy.includes(broken.invariant), `it broke ${broken.message}`);
      }
    });
  }

  it('is needed: each kept story holds where nothing is planted', async () => {
    planted.plant([]);
    for (const { reveals, story } of knownStories) {
      const broken = await brokenIn(story);
      assert.equal(broken?.message, undefined, reveals);
    }
  });

  it('has a story for each name, and a name for each story', () => {
    const names = new Set(faults.map(({ name }) => name));
    assert.deepEqual(
      [...new Set(knownStories.map(({ reveals }) => reveals))].filter((name) => !names.has(name)),
      [],
    );
  });

  async function brokenIn(story: Story): Promise<Broken | undefined> {
    try {
      await play(planted.engine, story);
      return undefined;
    } catch (error) {
      if (error instanceof Broken) return error;
      throw error;
    }
  }
});
