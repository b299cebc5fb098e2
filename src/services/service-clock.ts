import type { Instant } from '../renewal/instant.ts';

/** A service's own time, told by the `Date` of its answers (whole seconds); between answers it runs on with ours. */
export class ServiceClock {
  readonly #local: () => Instant;
  #ahead = 0;

  /** @param local the agent's clock, used until the first answer */
  constructor(local: () => Instant) {
    this.#local = local;
  }

  observe(date: string | undefined): void {
    const instant = Date.parse(date ?? '');
    if (!Number.isNaN(instant)) this.#ahead = instant - this.#local();
  }

  now(): Instant {
    return this.#local() + this.#ahead;
  }
}
