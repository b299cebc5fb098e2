import * as engine from '../tests/invariants/engine.ts';
import { explore, tellBroken } from '../tests/invariants/explore.ts';

/** One process of a soak: its time in milliseconds and its seed are its arguments; it tells how many schedules held. */
const [time = '60000', seed = '1'] = process.argv.slice(2);
const until = Date.now() + Number(time);
for (let round = 0; Date.now() < until; round++) {
  const found = await explore(engine, {
    stories: 2000,
    atMost: until - Date.now(),
    seed: (Number(seed) + round * 104_729) | 0,
  });
  process.send?.(found.stories);
  if (found.kind === 'broken') {
    console.error(await tellBroken(engine, found));
    process.exit(1);
  }
}
process.disconnect?.();
