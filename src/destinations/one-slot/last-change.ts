import { type Instant, minute } from '../../renewal/instant.ts';
import { isRecord } from '../../services/azure-devops.ts';
import type { JsonObject } from '../../services/library.ts';
import type { Edit, SlotRecord } from './record.ts';

/** Who changed a document last, and when, as the document says. */
export interface LastChange {
  /** In lower case; undefined: it does not say. */
  readonly by: string | undefined;
  /** For people. Untrusted text. */
  readonly name: string;
  readonly at: Instant | undefined;
}

export function readLastChange(document: JsonObject, dateField: string): LastChange {
  const identity = isRecord(document.modifiedBy) ? document.modifiedBy : {};
  const text = (field: string): string | undefined => {
    const value = identity[field];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const id = text('id')?.toLowerCase();
  const date = document[dateField];
  const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return {
    by: id === undefined || /^[0-]*$/.test(id) ? undefined : id,
    name: text('uniqueName') ?? text('displayName') ?? id ?? 'somebody',
    at: Number.isNaN(at) ? undefined : at,
  };
}

/** A document that names nobody is taken for edited only where its date cannot be a delivery's own. */
const deliveryTakes = 30 * minute;

/**
 * Whether somebody else changed the document after this record was written: they may have put an older value there, and
 * nobody can see it.
 * @param latest when the latest of the task's records in the document was written
 */
export function foreignEdit(record: SlotRecord, change: LastChange, latest: Instant): Edit | undefined {
  if (record.edited !== undefined) return record.edited;
  const edit = { by: change.name, at: change.at ?? record.at };
  if (change.by !== undefined) return change.by === record.by.toLowerCase() ? undefined : edit;
  return change.at !== undefined && change.at > latest + deliveryTakes ? edit : undefined;
}

/** The same change by the same hand: nothing was written in between. */
export function stampOf({ by, at }: LastChange): string {
  return JSON.stringify([by, at]);
}
