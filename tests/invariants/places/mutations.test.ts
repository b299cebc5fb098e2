import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutant } from '../mutant.ts';
import { Broken } from '../oracle.ts';
import { knownPlaceStories } from './known-place-stories.ts';
import { placeMutations } from './place-mutations.ts';
import { playPlaces } from './play-places.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The checks must bite: each fault has a story that brings it to light. */
describe('a fault planted in the protocol of places that keep one value', function () {
  this.timeout(0);
  let folder: string;
  // Inside the checkout, so that the bundles find the packages.
  before(async () => {
    folder = await mkdtemp(join(here, '.mutants-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [index, mutation] of placeMutations.entries()) {
    it(`is caught by ${mutation.caughtBy.join(' or ')}: ${mutation.name}`, async () => {
      const engine = await mutant(mutation, join(folder, `${index}.mjs`));
      const revealing = knownPlaceStories.filter(({ reveals }) => reveals === mutation.name);
      const caughtBy: string[] = [];
      for (const { story } of revealing) {
        await playPlaces(engine, story).catch((error: unknown) => {
          if (!(error instanceof Broken)) throw error;
          caughtBy.push(error.invariant);
        });
      }
      assert.ok(caughtBy.length > 0, 'no story reveals it');
      for (const invariant of caughtBy) assert.ok(mutation.caughtBy.includes(invariant), `${invariant} caught it`);
    });
  }
});
