import { inPool } from '../pool.ts';
import type { Observed } from './observe.ts';
import type { FamilyOutcome, FamilyResult, RunContext } from './run-context.ts';

/** Handles one family after the other, as many at once as the settings say, and tells how far it is. */
export function eachFamily(
  { settings, world }: RunContext,
  observed: readonly Observed[],
  handle: (item: Observed) => Promise<FamilyOutcome>,
): Promise<readonly FamilyResult[]> {
  let done = 0;
  return inPool(observed, settings.concurrency, async (item) => {
    const outcome = await handle(item);
    world.progress(++done, observed.length);
    return { selected: item.selected, ...outcome };
  });
}
