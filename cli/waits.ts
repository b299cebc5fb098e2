import type { RequestTrace } from '../src/services/http.ts';
import type { Screen } from './screen.ts';

/** Shorter pauses are over before anybody has read of them. */
const worthTelling = 2_000;

type Sleep = (milliseconds: number) => Promise<void>;

/** Tells a person at a terminal why nothing happens, and until when: a service's limit, or one that does not answer. */
export class Waits {
  readonly #screen: Screen;
  readonly #isVerbose: boolean;
  readonly #reasons = new Map<string, string>();
  readonly #told = new Map<string, { waiters: number; readonly end: () => void }>();

  constructor(screen: Screen, isVerbose: boolean) {
    this.#screen = screen;
    this.#isVerbose = isVerbose;
  }

  /** Remembers of each host the last answer, if that is a reason to wait. */
  heard({ host, result }: RequestTrace): void {
    this.#reasons.delete(host);
    if (result === '429') this.#reasons.set(host, `${host} limits requests`);
    else if (!/^[1-4]/.test(result)) this.#reasons.set(host, `${host} does not answer as it should (${result})`);
  }

  /** @param otherwise why it waits where no answer was a reason; undefined: that is not worth a word */
  telling(sleep: Sleep, otherwise?: string): Sleep {
    return async (milliseconds) => {
      const reason = [...this.#reasons.values()].at(-1) ?? otherwise;
      if (reason === undefined || milliseconds < worthTelling) return sleep(milliseconds);
      const until = new Date(Date.now() + milliseconds).toTimeString().slice(0, 8);
      await this.#tell(`${reason}: goes on at ${until}`, () => sleep(milliseconds));
    };
  }

  /** Many requests wait for one thing: told once, until the last of them goes on. */
  async #tell(what: string, wait: () => Promise<void>): Promise<void> {
    const known = this.#told.get(what);
    const telling = known ?? { waiters: 0, end: this.#screen.waiting(what) };
    this.#told.set(what, telling);
    if (known === undefined && this.#isVerbose) this.#screen.note(what, 'dim');
    telling.waiters++;
    await wait();
    telling.waiters--;
    if (telling.waiters > 0) return;
    this.#told.delete(what);
    telling.end();
  }
}
