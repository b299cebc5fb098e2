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
  /** Stories that come first. */
  readonly known?: readonly Story[];
  /** Default: a failing story is shortened. */
  readonly shrinks?: boolean;
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
  const { stories = 1_000_000_000, atMost, seed, path, known = [], shrinks = true } = options;
  const property = fc.asyncProperty(anyStory, (story) => play(engine, story));
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
  return [
    what,
    '',
    `The story (${broken.story.destination}, ${JSON.stringify(broken.story.start)}):`,
    ...lines,
    '',
    `Again: RENEWPATS_SEED=${broken.seed} RENEWPATS_PATH=${broken.path} npx mocha --grep "schedules"`,
  ].join('\n');
}
