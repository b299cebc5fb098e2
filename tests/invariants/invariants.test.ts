import assert from 'node:assert/strict';
import * as engine from './engine.ts';
import { explore, tellBroken } from './explore.ts';
import { knownStories } from './known-stories.ts';

const seed = process.env.RENEWPATS_SEED;
const path = process.env.RENEWPATS_PATH;

/** More of them, for as long as there is time: npm run soak -- --minutes 30 */
describe('the invariants I1 to I9', function () {
  this.timeout(120_000);

  it('hold at every state change over schedules of kills, lost answers, meddling and overlapping runs', async function () {
    const stories = 1500;
    const found = await explore(engine, {
      stories,
      known: seed === undefined ? knownStories : [],
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(path === undefined ? {} : { path }),
    });
    if (found.kind === 'broken') assert.fail(await tellBroken(engine, found));
    const test = this.test;
    if (test !== undefined) test.title += ` (${found.stories} schedules)`;
  });
});
