import type { HttpAnswer } from './http/exchange.ts';
import type { SeenRequest } from './recorded-request.ts';

/** What is to become of a request. */
export type Fault =
  | { readonly kind: 'pass' }
  /** Closes the connection; the request is not carried out. */
  | { readonly kind: 'drop' }
  /** Carries the request out, then closes the connection without an answer. */
  | { readonly kind: 'applyThenDrop' }
  /** Answers with this; the request is not carried out. */
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  /** Carries the request out, but answers with this. */
  | { readonly kind: 'applyThenAnswer'; readonly answer: HttpAnswer }
  /** Carries the request out and changes its answer: a header more, say. */
  | { readonly kind: 'alter'; readonly change: (answer: HttpAnswer) => HttpAnswer }
  /** Waits in real time, then does what `next` says (default: pass). */
  | { readonly kind: 'delay'; readonly ms: number; readonly next?: Fault }
  /** Never answers; ends when the client gives up or the simulator is closed. */
  | { readonly kind: 'hang'; readonly applied: boolean };

/** What a test does to requests. The first hook that does not pass decides. */
export interface FaultHook {
  /** Called before anything happens: may look, meddle with the world, or wait (for a process to be killed, say). */
  readonly before?: (request: SeenRequest) => void | Promise<void>;
  readonly decide?: (request: SeenRequest) => Fault;
  /** Called when the state has changed and the answer is not yet sent. */
  readonly afterApplied?: (request: SeenRequest, answer: HttpAnswer) => void | Promise<void>;
}

const PASS: Fault = { kind: 'pass' };

/** The faults that are switched on. Nothing here is random and nothing waits unless it is asked to. */
export class Faults {
  readonly #hooks = new Set<FaultHook>();

  /** @returns a function that takes the hook out again. */
  use(hook: FaultHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  /** Each time this operation is called. */
  always(operation: string, fault: Fault): () => void {
    return this.use({ decide: (request) => (request.operation === operation ? fault : PASS) });
  }

  /** The next time this operation is called. */
  once(operation: string, fault: Fault): () => void {
    return this.times(operation, 1, fault);
  }

  /** The next `count` times this operation is called. */
  times(operation: string, count: number, fault: Fault): () => void {
    let left = count;
    return this.use({
      decide: (request) => {
        if (left === 0 || request.operation !== operation) return PASS;
        left--;
        return fault;
      },
    });
  }

  /** The `ordinal`-th request of all, counted from 1. */
  at(ordinal: number, fault: Fault): () => void {
    return this.use({ decide: (request) => (request.ordinal === ordinal ? fault : PASS) });
  }

  clear(): void {
    this.#hooks.clear();
  }

  async before(request: SeenRequest): Promise<void> {
    for (const hook of this.#hooks) await hook.before?.(request);
  }

  decide(request: SeenRequest): Fault {
    for (const hook of this.#hooks) {
      const fault = hook.decide?.(request) ?? PASS;
      if (fault.kind !== 'pass') return fault;
    }
    return PASS;
  }

  async afterApplied(request: SeenRequest, answer: HttpAnswer): Promise<void> {
    for (const hook of this.#hooks) await hook.afterApplied?.(request, answer);
  }
}
