import { sentenceOf } from '../services/service-error.ts';

/** Leave to make one PAT for the vault; `leave` says when it is stored, or why the vault did not take it. */
export type Passage =
  | { readonly kind: 'open'; readonly leave: (trouble: string | undefined) => void }
  | { readonly kind: 'closed'; readonly why: string };

/** Asks a secret whether it takes writes, and changes nothing. @throws ServiceError if not */
export type WriteCheck = () => Promise<void>;

/**
 * Stands before the making of PATs that go into a vault: one that cannot be stored is made for nothing. Once the vault
 * has not taken a value, a secret that is there already has to show first that it takes writes (rights may be given for
 * single secrets); and all in all no more than `most` PATs are made for nothing.
 */
export class StorageGate {
  readonly #waiting: (() => void)[] = [];
  #most: number;
  #underWay = 0;
  #forNothing = 0;
  #trouble: string | undefined;

  /** @param most as many PATs as are made at once: so many cannot know of one another's trouble */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param check undefined: there is nothing yet that could be asked */
  async enter(check: WriteCheck | undefined): Promise<Passage> {
    const isChecked = this.#trouble !== undefined && check !== undefined;
    if (isChecked) {
      try {
        await check();
      } catch (error) {
        return closed(`its secret takes no new value: ${sentenceOf(error)}`);
      }
    }
    while (this.#trouble !== undefined && this.#underWay + this.#forNothing >= this.#most) {
      if (this.#forNothing >= this.#most) return this.#closed();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#underWay++;
    return { kind: 'open', leave: (trouble) => this.#leave(trouble, isChecked) };
  }

  #leave(trouble: string | undefined, isChecked: boolean): void {
    this.#underWay--;
    if (trouble !== undefined) {
      this.#trouble ??= trouble;
      this.#forNothing++;
      // A check that was passed for nothing tells nothing: no further PAT is risked on it.
      if (isChecked) this.#most = this.#forNothing;
    }
    for (const proceed of this.#waiting.splice(0)) proceed();
  }

  #closed(): Passage {
    return closed(`the vault did not take another PAT’s value: ${this.#trouble}`);
  }
}

function closed(why: string): Passage {
  const rest = 'Its PAT in use was not touched, nothing was stored, and the next run tries again.';
  return { kind: 'closed', why: `Nothing was made for it, because ${why} ${rest}` };
}
