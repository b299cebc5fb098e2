import type { Instant } from '../../../src/renewal/instant.ts';
import type { Claim } from '../../../src/renewal/log.ts';

/** A value in a drawer, and what was written beside it. */
export interface Kept {
  readonly key: string;
  readonly at: Instant;
  readonly value: string;
  /** Undefined: somebody put it there by hand. */
  readonly claim: Claim | undefined;
  readonly end: Instant | undefined;
}

/** The toy's service: drawers by name (in any case), each with all that was ever put into it, oldest first. */
export interface Box {
  readonly now: () => Instant;
  readonly read: (drawer: string) => Promise<readonly Kept[]>;
  /** What has a key that is there already is kept once. @throws ServiceError */
  readonly put: (drawer: string, entry: Omit<Kept, 'at'>) => Promise<void>;
}

/** A box, and what its consumers see of it. */
export class BoxInMemory implements Box {
  readonly #drawers = new Map<string, readonly Kept[]>();
  readonly now: () => Instant;
  /** Values that were put in, so far. */
  puts = 0;

  constructor(now: () => Instant) {
    this.now = now;
  }

  readonly read = async (drawer: string): Promise<readonly Kept[]> => this.#keptIn(drawer);

  readonly put = async (drawer: string, entry: Omit<Kept, 'at'>): Promise<void> => {
    this.puts++;
    const kept = this.#keptIn(drawer);
    if (kept.some(({ key }) => key === entry.key)) return;
    this.#drawers.set(drawer.toLowerCase(), [...kept, { ...entry, at: this.now() }]);
  };

  served(drawer: string): Kept | undefined {
    return this.#keptIn(drawer).at(-1);
  }

  #keptIn(drawer: string): readonly Kept[] {
    return this.#drawers.get(drawer.toLowerCase()) ?? [];
  }
}
