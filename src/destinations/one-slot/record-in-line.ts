import { type Instant, toIsoSeconds } from '../../renewal/instant.ts';
import { type Edit, fitting, type SlotRecord, type Superseded } from './record.ts';

/** A description's longest text, as Terraform's provider has it; the record's own share of it. */
const descriptionLimit = 1024;
const lineLimit = 500;

/** A description, taken apart. */
export interface Description {
  /** What people wrote, without the record's line. */
  readonly personal: string;
  /** Undefined: there is none, or more than one. */
  readonly record: SlotRecord | undefined;
}

/** A line of its own, with the break before it. */
const recordLines = /(?:\r\n|\n|\r|^)[ \t]*\[renew-pats 1 [^\r\n]*\][ \t]*(?=[\r\n]|$)/g;

export function readDescription(text: string): Description {
  const records: SlotRecord[] = [];
  const personal = text.replace(recordLines, (line) => {
    const record = fromLine(line);
    if (record === undefined) return line;
    records.push(record);
    return '';
  });
  return { personal, record: records.length === 1 ? records[0] : undefined };
}

/** The person's own text, and the record as its last line. */
export function withRecord(personal: string, record: SlotRecord): string {
  const line = toLine(record);
  return personal === '' ? line : `${personal}\n${line}`;
}

/** Whether there is room for a record beside it, whatever record that will be. */
export function hasRoom(personal: string): boolean {
  return personal.length + 1 + lineLimit <= descriptionLimit;
}

/** The most that people's own text may have. */
export const personalLimit = descriptionLimit - lineLimit - 1;

/** The record as one line. These words are in customers' connections: they keep their meaning. */
export function toLine(record: SlotRecord): string {
  return fitting(record, lineLimit, (each) => {
    const { was, edited } = each;
    const fields = [
      `id=${shortId(each.id)}`,
      `account=${shortId(each.account)}`,
      `org=${encoded(each.organization)}`,
      `at=${toIsoSeconds(each.at)}`,
      `to=${toIsoSeconds(each.to)}`,
      ...(each.by === each.account ? [] : [`by=${shortId(each.by)}`]),
      ...(each.name === '' ? [] : [`name=${encoded(each.name)}`]),
      ...(was.length === 0
        ? []
        : [`was=${was.map(({ id, until }) => `${shortId(id)}@${toIsoSeconds(wholeSecondsUp(until))}`).join(',')}`]),
      ...(edited === undefined ? [] : [`edited=${encoded(edited.by.slice(0, 40))}@${toIsoSeconds(edited.at)}`]),
    ];
    return `[renew-pats 1 ${fields.join(' ')}]`;
  });
}

/** Undefined: this is none of the task's lines, or one of a version to come. */
export function fromLine(line: string): SlotRecord | undefined {
  const body = /^\s*\[renew-pats 1 (.+)\]\s*$/.exec(line)?.[1];
  if (body === undefined) return undefined;
  const fields = new Map(body.split(' ').map((field) => [field.split('=', 1)[0] ?? '', field.replace(/^[^=]*=/, '')]));
  const [id, account] = [longId(fields.get('id')), longId(fields.get('account'))];
  const [organization, name] = [decoded(fields.get('org')), decoded(fields.get('name'))];
  const [at, to] = [instantOf(fields.get('at')), instantOf(fields.get('to'))];
  if (id === undefined || account === undefined || at === undefined || to === undefined) return undefined;
  return {
    id: id.toLowerCase(),
    account,
    organization,
    name,
    at,
    to,
    by: longId(fields.get('by')) ?? account,
    was: (fields.get('was') ?? '').split(',').flatMap(supersededOf),
    edited: editOf(fields.get('edited')),
  };
}

function supersededOf(text: string): readonly Superseded[] {
  const [short, stamp] = text.split('@');
  const [id, until] = [longId(short), instantOf(stamp)];
  return id === undefined || until === undefined ? [] : [{ id: id.toLowerCase(), until }];
}

function editOf(text: string | undefined): Edit | undefined {
  if (text === undefined) return undefined;
  const [by, stamp] = text.split('@');
  // That there was one counts more than when.
  return { by: decoded(by), at: instantOf(stamp) ?? 0 };
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** 22 characters for a GUID; anything else as it is, behind a tilde. */
function shortId(id: string): string {
  return guid.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url') : `~${encoded(id)}`;
}

function longId(short: string | undefined): string | undefined {
  if (short === undefined || short === '') return undefined;
  if (short.startsWith('~')) return decoded(short.slice(1));
  if (!/^[\w-]{22}$/.test(short)) return undefined;
  const hex = Buffer.from(short, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** No blank, no bracket, no comma, no @ and no line break is left in it. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return '';
  }
}

/** Superseded a moment later than it was: never too early. */
function wholeSecondsUp(instant: Instant): Instant {
  return Math.ceil(instant / 1000) * 1000;
}

function instantOf(text: string | undefined): Instant | undefined {
  const instant = Date.parse(text ?? '');
  return Number.isNaN(instant) ? undefined : instant;
}
