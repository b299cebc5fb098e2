/** How far to move a clock; the parts add up. */
export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly ms?: number;
}

/** The services' time. It stands still until it is moved, unless it is told to follow real time. */
export class Clock {
  #base: number;
  #realBase: number | undefined;

  /** @param start milliseconds since 1970. @param ticking true: seconds pass here as they pass outside. */
  constructor(start: number, ticking: boolean) {
    this.#base = start;
    this.#realBase = ticking ? Date.now() : undefined;
  }

  get now(): number {
    return this.#realBase === undefined ? this.#base : this.#base + (Date.now() - this.#realBase);
  }

  set now(instant: number) {
    this.#base = instant;
    if (this.#realBase !== undefined) this.#realBase = Date.now();
  }

  get ticking(): boolean {
    return this.#realBase !== undefined;
  }
}

export function milliseconds(duration: Duration): number {
  const hours = (duration.days ?? 0) * 24 + (duration.hours ?? 0);
  const seconds = (hours * 60 + (duration.minutes ?? 0)) * 60 + (duration.seconds ?? 0);
  return seconds * 1000 + (duration.ms ?? 0);
}
