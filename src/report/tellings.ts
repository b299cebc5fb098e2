import type { Instant } from '../renewal/instant.ts';

/** Something a person is told, once for each cause however many PATs it is about. */
export interface Telling {
  /** What has the same cause is told together. */
  readonly cause: string;
  /** Whom or what it is about, for a sentence that tells of several: `"Build feed" (contoso)`. Untrusted text. */
  readonly about: string;
  readonly sentence: string;
  /** The sentence about several, given who they are. */
  readonly ofSeveral: (whom: string) => string;
  /** What matters most comes first: 0 before 1 before 2. */
  readonly rank: 0 | 1 | 2;
  /** When it happens if nobody acts: what comes sooner is told sooner. */
  readonly at?: Instant;
}

/** Collects what a run has to tell; the same sentence counts once. */
export class Tellings {
  readonly #byCause = new Map<string, Map<string, Telling>>();

  add(telling: Telling | string): void {
    const told: Telling =
      typeof telling === 'string'
        ? { cause: telling, about: '', sentence: telling, ofSeveral: () => telling, rank: 2 }
        : telling;
    const group = this.#byCause.get(told.cause) ?? new Map<string, Telling>();
    group.set(`${told.about}\n${told.sentence}`, told);
    this.#byCause.set(told.cause, group);
  }

  /** One sentence for each cause, the most urgent first. */
  sentences(): readonly string[] {
    return (
      [...this.#byCause.values()]
        // PATs are handled side by side, and what is told of them should not differ from run to run.
        .map((group) => [...group.values()].sort((a, b) => bySecond(a, b) || (a.about < b.about ? -1 : 1)))
        .map((group) => ({
          rank: Math.min(...group.map(({ rank }) => rank)),
          at: group[0]?.at,
          sentence: sentenceOf(group),
        }))
        .sort((a, b) => a.rank - b.rank || bySecond(a, b))
        .map(({ sentence }) => sentence)
    );
  }
}

function bySecond(a: { readonly at?: Instant | undefined }, b: { readonly at?: Instant | undefined }): number {
  const [first, second] = [a, b].map(({ at }) => Math.floor((at ?? Number.MAX_SAFE_INTEGER) / 1000));
  return (first ?? 0) - (second ?? 0);
}

function sentenceOf(group: readonly Telling[]): string {
  const [first] = group;
  if (first === undefined) return '';
  return group.length === 1 ? first.sentence : first.ofSeveral(firstFew(group.map(({ about }) => about)));
}

const namedAtMost = 5;

/** `A, B, C and 12 more`. */
export function firstFew(names: readonly string[]): string {
  const shown = names.slice(0, namedAtMost);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
