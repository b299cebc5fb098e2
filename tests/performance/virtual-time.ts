/** Time that passes only when everybody waits: hours of throttling take no longer than the work itself. */
export class VirtualTime {
  #now = 0;
  readonly #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  readonly now = (): number => this.#now;

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      const until = this.#now + Math.max(0, milliseconds);
      const later = this.#sleepers.findIndex((other) => other.until > until);
      this.#sleepers.splice(later === -1 ? this.#sleepers.length : later, 0, { until, wake });
    });

  /** Lets time pass until `work` is done. @throws Error if everybody waits for nothing */
  async pass<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    for (;;) {
      // All that can be done without waiting is done once the event loop has come round.
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return done;
      const next = this.#sleepers.shift();
      if (next === undefined) throw new Error('Nobody sleeps, and the work is not done.');
      this.#now = next.until;
      next.wake();
    }
  }
}
