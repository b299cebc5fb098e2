import type { Instant } from '../../renewal/instant.ts';
import { isRecord, parseJson } from '../../services/azure-devops.ts';
import { type Edit, fitting, type SlotRecord, type Superseded } from './record.ts';

/** Longest value of a variable in a group (MicrosoftDocs/azure-devops-docs#1380). */
const valueLimit = 4096;

/** The record as the text of a plain variable. These fields are in customers' groups: they keep their meaning. */
export function toJson(record: SlotRecord): string {
  return fitting(record, valueLimit, ({ edited, at, to, was, ...names }) =>
    JSON.stringify({
      v: 1,
      ...names,
      at: iso(at),
      to: iso(to),
      was: was.map(({ id, until }) => ({ id, until: iso(until) })),
      ...(edited === undefined ? {} : { edited: { by: edited.by, at: iso(edited.at) } }),
    }),
  );
}

/** Undefined: this is none of the task's, or one of a version to come. */
export function fromJson(text: string): SlotRecord | undefined {
  const json = parseJson(text);
  if (!isRecord(json) || json.v !== 1) return undefined;
  const [id, account, organization] = [json.id, json.account, json.organization];
  const [at, to] = [instantOf(json.at), instantOf(json.to)];
  const was = Array.isArray(json.was) ? (json.was as readonly unknown[]).flatMap(supersededOf) : [];
  if (typeof id !== 'string' || typeof account !== 'string' || typeof organization !== 'string') return undefined;
  if (id === '' || account === '' || at === undefined || to === undefined) return undefined;
  return {
    id: id.toLowerCase(),
    account,
    organization,
    name: typeof json.name === 'string' ? json.name : '',
    at,
    to,
    by: typeof json.by === 'string' ? json.by : account,
    was,
    edited: editOf(json.edited),
  };
}

function supersededOf(entry: unknown): readonly Superseded[] {
  if (!isRecord(entry) || typeof entry.id !== 'string') return [];
  const until = instantOf(entry.until);
  return until === undefined ? [] : [{ id: entry.id.toLowerCase(), until }];
}

function editOf(entry: unknown): Edit | undefined {
  if (!isRecord(entry)) return undefined;
  const at = instantOf(entry.at);
  // That there was one counts more than when.
  return { by: typeof entry.by === 'string' ? entry.by : '', at: at ?? 0 };
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}

function instantOf(value: unknown): Instant | undefined {
  const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}
