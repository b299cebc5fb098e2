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

  /**
   * One after the other: two PUTs of one document would undo each other.
   * @param identity the document itself, by whatever name it was reached
   */
  async write<Result>(identity: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#writes.get(identity) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#writes.set(identity, turn);
    try {
      return await turn;
    } finally {
      // Which of the looks were at this document is not told by the names that led to it.
      this.#looks.clear();
    }
  }

  /** What this run wrote last: who and when, as the document says. */
  stamp(identity: string): string | undefined {
    return this.#stamps.get(identity);
  }

  setStamp(identity: string, stamp: string): void {
    this.#stamps.set(identity, stamp);
  }
}
