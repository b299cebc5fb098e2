import { storedInstant } from './service-time.ts';
import type { Surroundings } from './surroundings.ts';

/** Where a document of a library is shared: with its name and its description in that project. */
export interface ProjectReference {
  readonly projectId: string;
  readonly name: string;
  readonly description: string;
}

/** What a write that the service breaks off, with a 500, has stored of it. */
export type BrokenWrite = 'nothing' | 'secretsOnly' | 'plainOnly';

/** Why a write was not accepted. `missing`: no such document, or none that this caller may know of. */
export type LibraryRefusal =
  | { readonly kind: 'missing' }
  | { readonly kind: 'noRight' }
  | { readonly kind: 'brokenOff' }
  | { readonly kind: 'invalid'; readonly status: number; readonly message: string; readonly typeKey: string };

export function invalid(message: string, typeKey = 'ArgumentException', status = 400): LibraryRefusal {
  return { kind: 'invalid', status, message, typeKey };
}

/**
 * Documents that are replaced as a whole: no revision, no versions, the last writer wins. Reads may lag behind.
 * Records never change in place.
 */
export class KeptDocuments<Document> {
  readonly #world: Surroundings;
  readonly #lagSeconds: () => number;
  readonly #documents = new Map<string, Document>();
  readonly #earlier = new Map<string, { readonly document: Document; readonly replacedAt: number }>();

  constructor(world: Surroundings, lagSeconds: () => number) {
    this.#world = world;
    this.#lagSeconds = lagSeconds;
  }

  /** As it is stored. */
  stored(id: string): Document | undefined {
    return this.#documents.get(id);
  }

  /** As a read shows it. */
  shown(id: string): Document | undefined {
    const earlier = this.#earlier.get(id);
    const isStale = earlier !== undefined && this.#world.now < earlier.replacedAt + this.#lagSeconds() * 1000;
    return isStale ? earlier.document : this.#documents.get(id);
  }

  all(): Iterable<readonly [string, Document]> {
    return this.#documents.entries();
  }

  replace(id: string, document: Document): void {
    const before = this.shown(id);
    if (before !== undefined) this.#earlier.set(id, { document: before, replacedAt: this.#world.now });
    this.#documents.set(id, document);
  }

  remove(id: string): void {
    this.#documents.delete(id);
    this.#earlier.delete(id);
  }

  /** The same documents, for another world to go on from. */
  fillFrom(other: KeptDocuments<Document>): void {
    for (const [id, document] of other.#documents) this.#documents.set(id, document);
    for (const [id, earlier] of other.#earlier) this.#earlier.set(id, earlier);
  }

  /** Now, in the grain of the service's database. */
  now(): number {
    return storedInstant(this.#world.now, 'databaseTime');
  }
}
