import type { AzureDevOps } from '../../services/azure-devops.ts';
import type { Edit, SlotRecord } from './record.ts';

/** A place in a document that keeps one value and one record of the task's. */
export interface Slot<Document> {
  readonly devOps: AzureDevOps;
  readonly key: string;
  readonly label: string;
  readonly phrase: string;
  /** The document by the names that lead to it; what is looked up under the same ones is read once. */
  readonly documentKey: string;
  /** The document itself: one that projects share has a name in each of them. */
  readonly identityOf: (document: Document) => string;
  /** The place within the document: the variable, say. Undefined: there is one. */
  readonly within: string | undefined;
  /**
   * Looks the document up by its name and reads it.
   * @param toWrite whether it is to be written: then what stands in the way is found out
   * @throws ServiceError
   */
  readonly load: (toWrite: boolean) => Promise<Document>;
  /** Reads the same document again, by its id. @throws ServiceError */
  readonly reload: (document: Document) => Promise<Document>;
  readonly view: (document: Document) => SlotView;
  /**
   * Replaces the document, once, with nothing in it changed but the value and the task's records.
   * @returns the document as the answer shows it. @throws ServiceError `unknown` if it does not show what was sent
   */
  readonly put: (document: Document, entry: SlotEntry) => Promise<Document>;
}

export interface SlotEntry {
  readonly record: SlotRecord;
  readonly token: string;
}

/** What a document shows of a slot. */
export interface SlotView {
  /** What stands there, as far as anybody can see. */
  readonly value:
    | { readonly kind: 'none' }
    | { readonly kind: 'hidden' }
    | { readonly kind: 'plain'; readonly text: string };
  /** The record, if it may be about the value: that is hidden. */
  readonly record: SlotRecord | undefined;
  /** Somebody else's change since that record. */
  readonly edit: Edit | undefined;
  /** Who wrote the document last and when. */
  readonly stamp: string;
  /** Why nothing can be written, as a sentence that goes on after the place's name; undefined: nothing is known against it. */
  readonly obstacle: string | undefined;
}
