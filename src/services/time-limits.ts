import http from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';

/** Calls back after so many milliseconds, unless it is called off: then what it gives is called. */
export type Timer = (milliseconds: number, act: () => void) => () => void;

export const realTimer: Timer = (milliseconds, act) => {
  const timeout = setTimeout(act, milliseconds);
  return () => clearTimeout(timeout);
};

/** What took too long. */
export type Late = 'connection' | 'silence' | 'whole answer' | 'cancelled';

/** Milliseconds. */
export const timeLimits = {
  /** Look-up of the name, each of its addresses, the proxy, and TLS. */
  connection: 30_000,
  /** Until the header has come, and between two parts of the body. Azure DevOps may hold a request back for 30 seconds (rate limits). */
  silence: 60_000,
  /** From the connection to the last byte: somebody who sends one byte now and then is never silent. */
  'whole answer': 120_000,
} as const;

/** Watches one request: whether anything of it can have arrived, and that it does not take for ever. */
export class Watch {
  readonly #timer: Timer;
  readonly #abort: () => void;
  readonly #running = new Map<Late, () => void>();
  #isSent = false;
  #late: Late | undefined;

  /** @param abort ends the request */
  constructor(timer: Timer, abort: () => void) {
    this.#timer = timer;
    this.#abort = abort;
    this.#limit('connection', timeLimits.connection);
  }

  /**
   * Node writes nothing of a request before its connection (with TLS: its handshake, certificate and all) is complete. So
   * what fails before that was certainly not sent, and what fails later may have been, whatever the error is called.
   */
  get isSent(): boolean {
    return this.#isSent;
  }

  get late(): Late | undefined {
    return this.#late;
  }

  /** The job is cancelled: so much time is left. */
  hurry(milliseconds: number): void {
    this.#limit('cancelled', milliseconds);
  }

  /** For axios, in place of `https` and `http`. */
  readonly transport = {
    request: (options: https.RequestOptions, respond: (answer: http.IncomingMessage) => void): http.ClientRequest => {
      const request = (options.protocol === 'http:' ? http : https).request(options, (answer) => {
        this.#heard();
        respond(answer);
        answer.on('data', () => this.#heard());
      });
      request.once('socket', (socket) => {
        if (request.reusedSocket) this.#connected();
        else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => this.#connected());
      });
      return request;
    },
  };

  end(): void {
    for (const callOff of this.#running.values()) callOff();
    this.#running.clear();
  }

  #connected(): void {
    this.#isSent = true;
    this.#running.get('connection')?.();
    this.#limit('silence', timeLimits.silence);
    this.#limit('whole answer', timeLimits['whole answer']);
  }

  #heard(): void {
    if (this.#running.has('silence')) this.#limit('silence', timeLimits.silence);
  }

  #limit(what: Late, milliseconds: number): void {
    this.#running.get(what)?.();
    const callOff = this.#timer(milliseconds, () => {
      this.#late ??= what;
      this.#abort();
    });
    this.#running.set(what, callOff);
  }
}
