import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { anyStory, storyWith } from '../tests/invariants/arbitrary-story.ts';
import { explore } from '../tests/invariants/explore.ts';
import { faults, type PlantedFault } from '../tests/invariants/faults.ts';
import { knownStories } from '../tests/invariants/known-stories.ts';
import { Broken } from '../tests/invariants/oracle.ts';
import { buildPlanted } from '../tests/invariants/planted.ts';
import { type PlaceKind, type Story, usualStart } from '../tests/invariants/story.ts';

/**
 * `npm run find-story`: looks, for each planted fault that no kept story reveals, for a short story that does, and keeps
 * it. `--fault words` looks anew for those whose name has these words, `--places vault,group` in such places only.
 */
const { values } = parseArgs({
  options: {
    fault: { type: 'string' },
    places: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '7' },
  },
});
const kept = new URL('../tests/invariants/known-stories.json', import.meta.url);
const here = fileURLToPath(new URL('../tests/invariants/', import.meta.url));
const folder = await mkdtemp(join(here, '.planted-'));
const all = faults.flatMap(({ swaps }) => swaps());
const planted = await buildPlanted(all, join(folder, 'engine.mjs')).finally(() => rm(folder, { recursive: true }));

const isWanted = ({ name }: PlantedFault): boolean =>
  values.fault === undefined ? knownStories.every(({ reveals }) => reveals !== name) : name.includes(values.fault);

for (const fault of faults.filter(isWanted)) {
  const places = values.places?.split(',').filter((place) => place !== '' && place !== 'none') as
    | PlaceKind[]
    | undefined;
  const counts = (error: unknown): boolean => !(error instanceof Broken) || fault.caughtBy.includes(error.invariant);
  const from = (places === undefined ? anyStory : storyWith(places)).map((story) => {
    // A story begins with the fault planted anew.
    planted.plant(fault.swaps());
    return story;
  });
  const atMost = Number(values.seconds) * 1000;
  const found = await explore(planted.engine, { atMost, seed: Number(values.seed), from, counts });
  if (found.kind === 'held') console.log(`not found in ${found.stories} stories: ${fault.name}`);
  else {
    console.log(`${found.error instanceof Error ? found.error.message : String(found.error)} — ${fault.name}`);
    if (found.error instanceof Broken) keep(fault.name, found.story);
  }
}

/** Of its start only what is not as usual. */
function keep(reveals: string, story: Story): void {
  const unusual = Object.entries(story.start).filter(([key, value]) => value !== Reflect.get(usualStart, key));
  const stories = JSON.parse(readFileSync(kept, 'utf8')) as { reveals: string }[];
  const others = stories.filter((each) => each.reveals !== reveals);
  const all = [...others, { reveals, story: { ...story, start: Object.fromEntries(unusual) } }];
  writeFileSync(kept, `${JSON.stringify(all, null, 2)}\n`);
}
