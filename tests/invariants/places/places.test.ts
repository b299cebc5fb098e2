import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as engine from '../engine.ts';
import { knownPlaceStories } from './known-place-stories.ts';
import { anyPlaceStory } from './place-story.ts';
import { playPlaces } from './play-places.ts';

const seed = process.env.RENEWPATS_SEED;
const path = process.env.RENEWPATS_PATH;

/** RENEWPATS_PLACE_STORIES: how many. */
describe('the invariants of places that keep one value', function () {
  this.timeout(0);

  it('hold over schedules of kills, lost, late and broken writes, stale pages, pasted values and overlapping runs', async () => {
    const result = await fc.check(
      fc.asyncProperty(anyPlaceStory, (story) => playPlaces(engine, story)),
      {
        numRuns: Number(process.env.RENEWPATS_PLACE_STORIES ?? 150),
        examples: seed === undefined ? knownPlaceStories.map(({ story }): [typeof story] => [story]) : [],
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
      },
    );
    const [story] = result.counterexample ?? [];
    if (!result.failed || story === undefined) return;
    const lines: string[] = [];
    await playPlaces(engine, story, (line) => lines.push(line)).catch(() => undefined);
    const again = `RENEWPATS_SEED=${result.seed} RENEWPATS_PATH=${result.counterexamplePath}`;
    const what = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
    assert.fail([what, `${story.layout}, ${story.brokenWrite}`, ...lines, `Again: ${again}`].join('\n'));
  });
});
