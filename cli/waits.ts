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

  telling(sleep: Sleep): Sleep {
    return async (milliseconds) => {
      const reason = [...this.#reasons.values()].at(-1);
      if (reason === undefined || milliseconds < worthTelling) return sleep(milliseconds);
      const until = new Date(Date.now() + milliseconds).toTimeString().slice(0, 8);
      const told = `${reason}: goes on at ${until}`;
      if (this.#isVerbose) this.#screen.note(told, 'dim');
      const end = this.#screen.waiting(told);
      await sleep(milliseconds);
      end();
    };
  }
}
