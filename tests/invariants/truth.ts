import type { Pat, World } from '../../simulator/index.ts';

const hour = 3_600_000;
/** Key Vault keeps whole seconds, so the product may see a version as up to a second older than it is. */
const rounding = 1000;

/** Consumers of one family at one place. */
export interface Reader {
  /** The family's plain name. */
  readonly family: string;
  /** For people. */
  readonly place: string;
  /** What they are given there now; undefined: nothing. */
  readonly read: () => string | undefined;
}

/** A stretch of time during which consumers were given one value; `until` is undefined while they are. */
interface Serving {
  readonly value: string | undefined;
  readonly byTask: boolean;
  readonly since: number;
  readonly until: number | undefined;
}

/**
 * Who reads which value at which place, and since when. It looks where consumers look, and never at the product's tags,
 * records, names or reports: both oracles judge by it.
 */
export class Truth {
  readonly #world: World;
  readonly #servings = new Map<Reader, readonly Serving[]>();

  /**
   * @param before what is known of the time before: another truth of the same readers (in the world that this one is a copy
   * of), or whether what they are given now was delivered by the task
   */
  constructor(world: World, readers: readonly Reader[], before: Truth | { readonly byTask: boolean }) {
    this.#world = world;
    const known = before instanceof Truth ? [...before.#servings.values()] : [];
    const byTask = before instanceof Truth ? false : before.byTask;
    readers.forEach((reader, index) => {
      this.#servings.set(reader, known[index] ?? [servingNow(reader, byTask, 0)]);
    });
  }

  get readers(): readonly Reader[] {
    return [...this.#servings.keys()];
  }

  /** Looks at every place. @param byTask whether what has changed was the task's doing, or a step's that stores for it */
  look(byTask: boolean): void {
    const { now } = this.#world;
    for (const [reader, servings] of this.#servings) {
      const last = servings.at(-1);
      const current = servingNow(reader, byTask, now);
      if (last === undefined || last.value === current.value) continue;
      this.#servings.set(reader, [...servings.slice(0, -1), { ...last, until: now }, current]);
    }
  }

  /** Whether anybody has ever been given this value. */
  wasGiven(value: string): boolean {
    return [...this.#servings.values()].some((servings) => servings.some((serving) => serving.value === value));
  }

  /** Whether what consumers are given there was put there by the task, not by a person. */
  isByTask(reader: Reader): boolean {
    return this.#servings.get(reader)?.at(-1)?.byTask ?? false;
  }

  /** I1: who is given a value that does not work. @param isDead whether such a PAT counts */
  givenDead(isDead: (pat: Pat) => boolean): string | undefined {
    for (const { family, place, read } of this.#servings.keys()) {
      const value = read();
      const pat = value === undefined ? undefined : this.#world.pats.byValue(value);
      if (pat !== undefined && isDead(pat))
        return `consumers of "${family}" (${place}) read the value of ${pat.authorizationId}`;
    }
    return undefined;
  }

  /** I1: who was given something, and finds nothing there now. */
  givenNothingAnyMore(): string | undefined {
    for (const [{ family, place, read }, servings] of this.#servings)
      if (read() === undefined && servings.some(({ value }) => value !== undefined))
        return `consumers of "${family}" (${place}) find no value any more`;
    return undefined;
  }

  /** I2: why a PAT of this family must not be revoked now; undefined: every place has held a successor for long enough. */
  whyNotSuperseded(pat: Pat, family: string, graceHours: number): string | undefined {
    const { now } = this.#world;
    const grace = graceHours * hour - rounding;
    for (const [reader, servings] of this.#servings) {
      if (reader.family !== family) continue;
      const isLast = servings.at(-1)?.value === pat.value;
      if (isLast) return `consumers (${reader.place}) are given its value`;
      const own = servings.filter(({ value }) => value === pat.value);
      const ends = own.map(({ until }) => until ?? Number.POSITIVE_INFINITY);
      const lastGiven = Math.max(...ends);
      if (ends.length > 0 && now - lastGiven < grace)
        return `${(now - lastGiven) / hour} hours after it was last given out (${reader.place})`;
      const isSuperseded = servings.some(
        ({ byTask, value, since }) =>
          byTask && value !== undefined && value !== pat.value && now - since >= grace && this.#isPat(value),
      );
      if (!isSuperseded) return `no delivery had superseded it for ${graceHours} hours (${reader.place})`;
    }
    return undefined;
  }

  /** All of it so far, each value told by its PAT's place among all, and times by the world's. */
  told(): string {
    const all = [...this.#world.pats.all()];
    const index = (value: string | undefined) => all.findIndex((pat) => pat.value === value);
    return [...this.#servings.values()]
      .map((servings) => servings.map(({ value, since, byTask }) => `${index(value)} since ${since} ${byTask}`).join())
      .join(' | ');
  }

  #isPat(value: string): boolean {
    return this.#world.pats.byValue(value) !== undefined;
  }
}

function servingNow({ read }: Reader, byTask: boolean, since: number): Serving {
  return { value: read(), byTask, since, until: undefined };
}
