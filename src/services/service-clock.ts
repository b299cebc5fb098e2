import type { Instant } from '../renewal/instant.ts';
import type { HttpAnswer } from './http.ts';

/** A service's own time, told by the `Date` of its answers (whole seconds); between answers it runs on with ours. */
export class ServiceClock {
  readonly #local: () => Instant;
  #ahead = 0;
  #isTold = false;

  /** @param local the agent's clock, used until the first answer */
  constructor(local: () => Instant) {
    this.#local = local;
  }

  /** Not from a page, a redirect or a server error: a gateway may have made that, and its clock may be another. */
  observe({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): void {
    const instant = Date.parse(headers.date ?? '');
    const type = headers['content-type'] ?? '';
    const isItsOwn = status === 200 ? !/html/i.test(type) : status < 500 && /json/i.test(type);
    if (!isItsOwn || Number.isNaN(instant)) return;
    this.#ahead = instant - this.#whole();
    this.#isTold = true;
  }

  /** True once an answer of the service itself has told its time; before that `now` is a guess, and nothing is revoked by it. */
  get isTold(): boolean {
    return this.#isTold;
  }

  now(): Instant {
    return this.#whole() + this.#ahead;
  }

  /** Whole milliseconds: with fractions, a sum may fall short of the very instant that the service has told. */
  #whole(): Instant {
    return Math.floor(this.#local());
  }
}
