import fc from 'fast-check';
import { anyStory } from './arbitrary-story.ts';
import { play } from './director.ts';
import type { Engine } from './run-on-stage.ts';
import type { Story } from './story.ts';

export interface Exploration {
  readonly stories?: number;
  /** Milliseconds after which no further story is begun. */
  readonly atMost?: number;
  readonly seed?: number;
  /** Where fast-check found a failing story below the seed: to replay it. */
  readonly path?: string;
  /** Default: any. */
  readonly from?: fc.Arbitrary<Story>;
  /** Stories that come first. */
  readonly known?: readonly Story[];
  /** Default: a failing story is shortened. */
  readonly shrinks?: boolean;
  /** Which failures count; others hold. Default: all. */
  readonly counts?: (error: unknown) => boolean;
}

export type Explored =
  | { readonly kind: 'held'; readonly stories: number; readonly seed: number }
  | {
      readonly kind: 'broken';
      readonly stories: number;
      readonly seed: number;
      readonly path: string;
      readonly story: Story;
      readonly error: unknown;
    };

/** Plays many stories; of a failing one the shortest that still fails. */
export async function explore(engine: Engine, options: Exploration): Promise<Explored> {
  const { stories = 1_000_000_000, atMost, seed, path, known = [], shrinks = true, from = anyStory } = options;
  const { counts = () => true } = options;
  const property = fc.asyncProperty(from, async (story) => {
    try {
      await play(engine, story);
    } catch (error) {
      if (counts(error)) throw error;
    }
  });
  const result = await fc.check(property, {
    numRuns: stories,
    endOnFailure: !shrinks,
    examples: known.map((story): [Story] => [story]),
    ...(seed === undefined ? {} : { seed }),
    ...(path === undefined ? {} : { path }),
    ...(atMost === undefined ? {} : { interruptAfterTimeLimit: atMost, markInterruptAsFailure: false }),
  });
  const [story] = result.counterexample ?? [];
  if (!result.failed || story === undefined) return { kind: 'held', stories: result.numRuns, seed: result.seed };
  const { numRuns, counterexamplePath, errorInstance } = result;
  return {
    kind: 'broken',
    stories: numRuns,
    seed: result.seed,
    path: counterexamplePath ?? '',
    story,
    error: errorInstance,
  };
}

/** What happened in a failing story, line by line, and how to see it again. */
export async function tellBroken(engine: Engine, broken: Explored & { kind: 'broken' }): Promise<string> {
  const lines: string[] = [];
  await play(engine, broken.story, (line) => lines.push(line)).catch(() => undefined);
  const what = broken.error instanceof Error ? broken.error.message : String(broken.error);
  const where = broken.story.places.join(' and ') || 'handed over';
  return [
    what,
    '',
    `The story (${where}, ${JSON.stringify(broken.story.start)}):`,
    ...lines,
    '',
    `As a kept one: ${JSON.stringify(broken.story)}`,
    `Again: RENEWPATS_SEED=${broken.seed} RENEWPATS_PATH=${broken.path} npx mocha --grep "schedules"`,
  ].join('\n');
}
