import assert from 'node:assert/strict';
import * as engine from './engine.ts';
import { explore, tellBroken } from './explore.ts';
import { knownStories } from './known-stories.ts';

const seed = process.env.RENEWPATS_SEED;
const path = process.env.RENEWPATS_PATH;

/** The same stories each time, so that what fails fails for everybody. Others, for as long as there is time: npm run soak. */
const everyday = 20261201;

describe('the invariants I1 to I9', function () {
  // Nothing fails because a machine is busy: the number of stories is the limit.
  this.timeout(0);

  it('hold at every state change over schedules of kills, lost answers, meddling and overlapping jobs, in every mix of places', async function () {
    const stories = 1500;
    const found = await explore(engine, {
      stories,
      known: seed === undefined ? knownStories.map(({ story }) => story) : [],
      seed: seed === undefined ? everyday : Number(seed),
      ...(path === undefined ? {} : { path }),
    });
    if (found.kind === 'broken') assert.fail(await tellBroken(engine, found));
    const test = this.test;
    if (test !== undefined) test.title += ` (${found.stories} schedules)`;
  });
});
