import { sentenceOf } from '../services/service-error.ts';

/** Leave to make one PAT for a store; `leave` says when it is stored, or why the store did not take it. */
export type Passage =
  | { readonly kind: 'open'; readonly leave: (trouble: string | undefined) => void }
  | { readonly kind: 'closed'; readonly why: string };

/** What is known before a PAT is made for a place. */
export interface Entering {
  /** The vault or group that the place is in: the trouble of one says nothing about another. */
  readonly store: string;
  /** Asks the place whether it takes writes, and changes nothing; undefined: there is nothing yet that could be asked. @throws ServiceError if not */
  readonly check: (() => Promise<void>) | undefined;
  /** An earlier run made one for nothing: the place is asked whatever this run has seen. */
  readonly isAskedFirst: boolean;
  /** How sentences call the place. */
  readonly phrase: string;
}

interface StoreState {
  most: number;
  underWay: number;
  forNothing: number;
  trouble: string | undefined;
  readonly waiting: (() => void)[];
}

/**
 * Stands before the making of PATs whose values go into a store: one that cannot be stored is made for nothing. Once a
 * store has not taken a value, a place that is there already has to show first that it takes writes (rights may be given
 * for single secrets); and all in all no more than `most` PATs are made for nothing.
 */
export class StorageGate {
  readonly #stores = new Map<string, StoreState>();
  readonly #most: number;

  /** @param most as many PATs as are made at once: so many cannot know of one another's trouble */
  constructor(most: number) {
    this.#most = most;
  }

  async enter({ store, check, isAskedFirst, phrase }: Entering): Promise<Passage> {
    const state = this.#stateOf(store);
    const isDoubted = state.trouble !== undefined && check !== undefined;
    if (check !== undefined && (isAskedFirst || isDoubted)) {
      try {
        await check();
      } catch (error) {
        return closed(`${phrase} takes no new value: ${sentenceOf(error)}`);
      }
    }
    while (state.trouble !== undefined && state.underWay + state.forNothing >= state.most) {
      if (state.forNothing >= state.most)
        return closed(`the same store did not take another PAT’s value: ${state.trouble}`);
      await new Promise<void>((resolve) => state.waiting.push(resolve));
    }
    state.underWay++;
    return { kind: 'open', leave: (trouble) => leave(state, trouble, isDoubted) };
  }

  #stateOf(store: string): StoreState {
    const known = this.#stores.get(store);
    if (known !== undefined) return known;
    const made: StoreState = { most: this.#most, underWay: 0, forNothing: 0, trouble: undefined, waiting: [] };
    this.#stores.set(store, made);
    return made;
  }
}

function leave(state: StoreState, trouble: string | undefined, isDoubted: boolean): void {
  state.underWay--;
  if (trouble !== undefined) {
    state.trouble ??= trouble;
    state.forNothing++;
    // Where checks are what lets PATs be made, one that was passed for nothing tells nothing: no further PAT is risked on it.
    if (isDoubted) state.most = state.forNothing;
  }
  for (const proceed of state.waiting.splice(0)) proceed();
}

function closed(why: string): Passage {
  const rest = 'Its PAT in use was not touched, nothing was stored, and the next run tries again.';
  return { kind: 'closed', why: `Nothing was made for it, because ${why} ${rest}` };
}
