import type { AzureDevOps } from '../../services/azure-devops.ts';

/**
 * Documents that hold several values: one read serves all who look at one in a run, one write goes at a time, and what the
 * run wrote itself is known as its own.
 */
export class DocumentDesk {
  static readonly #desks = new WeakMap<AzureDevOps, DocumentDesk>();
  readonly #looks = new Map<string, Promise<unknown>>();
  readonly #writes = new Map<string, Promise<unknown>>();
  readonly #stamps = new Map<string, string>();

  /** The one desk of a signed-in account in a run. */
  static of(devOps: AzureDevOps): DocumentDesk {
    const desk = DocumentDesk.#desks.get(devOps) ?? new DocumentDesk();
    DocumentDesk.#desks.set(devOps, desk);
    return desk;
  }

  /** The first who looks at a document reads it for all others. */
  look<Document>(key: string, purpose: string, load: () => Promise<Document>): Promise<Document> {
    const name = JSON.stringify([key, purpose]);
    const known = this.#looks.get(name) ?? load();
    this.#looks.set(name, known);
    // A failure is not kept: the next may fare better.
    known.catch(() => this.#looks.delete(name));
    return known as Promise<Document>;
  }

  /** One after the other: two PUTs of one document would undo each other. */
  async write<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#writes.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#writes.set(key, turn);
    try {
      return await turn;
    } finally {
      for (const name of [...this.#looks.keys()]) if (JSON.parse(name)[0] === key) this.#looks.delete(name);
    }
  }

  /** What this run wrote last: who and when, as the document says. */
  stamp(key: string): string | undefined {
    return this.#stamps.get(key);
  }

  setStamp(key: string, stamp: string): void {
    this.#stamps.set(key, stamp);
  }
}
