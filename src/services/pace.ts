export interface PaceOptions {
  /** So many requests may be under way at once when the host has nothing against it. */
  readonly most: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds: used for durations only. */
  readonly now: () => number;
  readonly isStopping: () => boolean;
}

/** A request that is under way to the host. */
export interface Turn {
  readonly since: number;
}

/** What an answer says about the pace. */
export interface Heard {
  readonly status: number;
  /** Milliseconds. */
  readonly retryAfter: number | undefined;
}

const longestPause = 5 * 60_000;
/** Where a refusal does not say when to come again: 0.2 seconds, 0.4, 0.6 and so on, and never more than these. */
const longestGuess = 10_000;

/**
 * How fast requests go to one host: one for each worker, until the host says no. After a 429 (or a 503 with `Retry-After`)
 * all requests wait until its pause is over. Then one goes alone; if it is not refused, half as many as before go at once,
 * and each answer lets 1/n more go (additive increase, multiplicative decrease, as TCP does it). So a host that blocks
 * the account is asked once a pause, and not by every worker.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #most: number;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #refusalsInARow = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#most = options.most;
  }

  /** Resolves when a request may go. A cancelled job does not wait. */
  async enter(): Promise<Turn> {
    const { now, sleep, isStopping } = this.#options;
    while (!isStopping()) {
      const rest = this.#restsUntil - now();
      if (rest > 0) await sleep(rest);
      else if (this.#places() > 0) break;
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#underWay++;
    return { since: now() };
  }

  /** @param heard undefined if there was no answer */
  leave(turn: Turn, heard: Heard | undefined): void {
    this.#underWay--;
    if (heard !== undefined) this.#learn(turn, heard);
    const places = this.#options.isStopping() ? this.#waiting.length : this.#places();
    for (const proceed of this.#waiting.splice(0, Math.max(0, places))) proceed();
  }

  #places(): number {
    const most = this.#refusalsInARow > 0 ? 1 : Math.floor(this.#most);
    return most - this.#underWay;
  }

  #learn({ since }: Turn, { status, retryAfter }: Heard): void {
    if (status === 429 || (status === 503 && retryAfter !== undefined)) {
      // What was under way when the host said no was sent in good faith: together they count once.
      if (since > this.#refusedAt) this.#refused();
      this.#rest(retryAfter ?? Math.min(this.#refusalsInARow * 200, longestGuess));
      return;
    }
    // Azure DevOps sends Retry-After with a 200 too: "wait before the next request".
    if (retryAfter !== undefined && status < 400) this.#rest(retryAfter);
    if (status >= 500 || since <= this.#refusedAt) return;
    this.#refusalsInARow = 0;
    this.#most = Math.min(this.#most + 1 / this.#most, this.#options.most);
  }

  #refused(): void {
    if (this.#refusalsInARow === 0) this.#most = Math.max(1, Math.min(this.#most, this.#underWay + 1) / 2);
    this.#refusalsInARow++;
    this.#refusedAt = this.#options.now();
  }

  #rest(milliseconds: number): void {
    this.#restsUntil = Math.max(this.#restsUntil, this.#options.now() + Math.min(milliseconds, longestPause));
  }
}
