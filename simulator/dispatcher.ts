import type { Fault, Faults } from './faults.ts';
import { loginHosts } from './http/entra.ts';
import type { HttpAnswer, HttpRequest } from './http/exchange.ts';
import { identityOf } from './http/identity.ts';
import { answerRequest, dated, serviceAt } from './http/services.ts';
import type { RecordedRequest, SeenRequest } from './recorded-request.ts';
import type { World } from './world.ts';

/** What the connection is to do. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'close' }
  | { readonly kind: 'hang' };

/** Answers in the place of the simulated Entra ID; undefined: that answers this one itself. */
export type IdentityProvider = (request: HttpRequest) => Promise<HttpAnswer | undefined>;

/** Takes requests in: records each, lets the faults have their say, and carries it out. */
export class Dispatcher {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #records: RecordedRequest[] = [];
  readonly #counts = new Map<string, number>();
  readonly #identityProvider: IdentityProvider | undefined;

  constructor(world: World, faults: Faults, identityProvider?: IdentityProvider) {
    this.#world = world;
    this.#faults = faults;
    this.#identityProvider = identityProvider;
  }

  get records(): readonly RecordedRequest[] {
    return this.#records;
  }

  async dispatch(request: HttpRequest): Promise<Outcome> {
    const seen = this.#see(request);
    const index = this.#records.push({ ...seen, applied: false, answer: undefined, status: undefined }) - 1;
    await this.#faults.before(seen);
    return this.#follow(seen, index, this.#faults.decide(seen));
  }

  async #follow(seen: SeenRequest, index: number, fault: Fault): Promise<Outcome> {
    switch (fault.kind) {
      case 'pass':
        return this.#answer(index, await this.#apply(seen, index));
      case 'drop':
        return { kind: 'close' };
      case 'applyThenDrop':
        await this.#apply(seen, index);
        return { kind: 'close' };
      case 'answer':
        return this.#answer(index, fault.answer);
      case 'applyThenAnswer':
        await this.#apply(seen, index);
        return this.#answer(index, fault.answer);
      case 'alter':
        return this.#answer(index, fault.change(await this.#apply(seen, index)));
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, fault.ms).unref());
        return this.#follow(seen, index, fault.next ?? { kind: 'pass' });
      case 'hang':
        if (fault.applied) await this.#apply(seen, index);
        return { kind: 'hang' };
    }
  }

  #see(request: HttpRequest): SeenRequest {
    const operation = serviceAt(this.#world, request.host)?.operation(request) ?? 'unknown';
    const operationOrdinal = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, operationOrdinal);
    const identity = identityOf(this.#world, request);
    return {
      ...request,
      ordinal: this.#records.length + 1,
      operation,
      operationOrdinal,
      identity,
      at: this.#world.now,
    };
  }

  async #apply(seen: SeenRequest, index: number): Promise<HttpAnswer> {
    const elsewhere = loginHosts.has(seen.host) ? await this.#identityProvider?.(seen) : undefined;
    const answer = elsewhere ?? answerRequest(this.#world, seen);
    this.#amend(index, { applied: true });
    await this.#faults.afterApplied(seen, answer);
    return answer;
  }

  #answer(index: number, answer: HttpAnswer): Outcome {
    const sent = dated(this.#world, this.#records[index]?.host ?? '', answer);
    this.#amend(index, { answer: sent, status: sent.status });
    return { kind: 'answer', answer: sent };
  }

  #amend(index: number, outcome: Partial<RecordedRequest>): void {
    const record = this.#records[index];
    if (record !== undefined) this.#records[index] = { ...record, ...outcome };
  }
}
