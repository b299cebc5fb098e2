import type { Instant } from '../renewal/instant.ts';
import type { HttpAnswer } from './http.ts';

/** A service's own time, told by the `Date` of its answers (whole seconds); between answers it runs on with ours. */
export class ServiceClock {
  readonly #local: () => Instant;
  #ahead = 0;

  /** @param local the agent's clock, used until the first answer */
  constructor(local: () => Instant) {
    this.#local = local;
  }

  /** Only an answer that did what was asked is the service's own for certain: a gateway's clock may be another. */
  observe({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): void {
    const instant = Date.parse(headers.date ?? '');
    if (status >= 200 && status < 300 && status !== 203 && !Number.isNaN(instant))
      this.#ahead = instant - this.#whole();
  }

  now(): Instant {
    return this.#whole() + this.#ahead;
  }

  /** Whole milliseconds: with fractions, a sum may fall short of the very instant that the service has told. */
  #whole(): Instant {
    return Math.floor(this.#local());
  }
}
