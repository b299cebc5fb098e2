import type { AttachedDestination, AttachedPat, AttachedReport } from '../src/report/attachment-format.ts';
import { byName } from './by-name.ts';
import type { Life } from './life.ts';

/** What a step has attached, or why that could not be read. */
export type Attachment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unread'; readonly why: string };

/** One step's report, or why there is none to show. */
export type StepReport = ReadReport | { readonly kind: 'unreadable'; readonly why: string };

export interface ReadReport {
  readonly kind: 'report';
  readonly report: AttachedReport;
  /** In milliseconds since 1970. */
  readonly finishedAt: number;
  readonly rows: readonly PatRow[];
}

/** A PAT as the table shows it; times in milliseconds since 1970. */
export interface PatRow extends Life {
  readonly pat: AttachedPat;
  readonly organization: string;
  /** Place of its matter in the order of what needs attention. */
  readonly rank: number;
  /** Every place where its value stands. */
  readonly places: readonly AttachedDestination[];
  /** Lower case, to search in. */
  readonly fields: readonly string[];
}

/** In the order in which a person should read them. */
export const matters = ['failed', 'expired', 'ends soon', 'changed', 'leaving', 'left', 'in use', 'history'] as const;

/** Reads an attachment. It comes from a pipeline, so nothing is taken for granted but that it is text. */
export function readReport(attachment: Attachment): StepReport {
  if (attachment.kind === 'unread') return { kind: 'unreadable', why: attachment.why };
  let value: unknown;
  try {
    value = JSON.parse(attachment.text);
  } catch {
    return { kind: 'unreadable', why: 'it is damaged.' };
  }
  if (!isReport(value)) {
    const { version } = Object(value) as { version?: unknown };
    const isNewer = typeof version === 'number' && version > 1;
    return { kind: 'unreadable', why: isNewer ? 'a newer version of the task wrote it.' : 'it is no report.' };
  }
  const account = value.account === '' ? undefined : value.account;
  const report: AttachedReport = { ...value, source: value.source ?? '', account, ...listsOf(value) };
  const finishedAt = Date.parse(report.finishedAt);
  const rows = report.organizations.flatMap(({ organization, pats }) =>
    pats.map((pat) => rowOf(pat, organization, finishedAt)),
  );
  return { kind: 'report', report, finishedAt, rows: rows.sort(byAttention) };
}

/** What needs attention first, then what ends first, then by name: the same order in every run. */
export function byAttention(a: PatRow, b: PatRow): number {
  return a.rank - b.rank || byEnd(a, b);
}

/** PATs made by one run differ in their ends by parts of a second, which say nothing: names decide there. */
export function byEnd(a: PatRow, b: PatRow): number {
  return Math.floor(a.ends / 1000) - Math.floor(b.ends / 1000) || byNameOfPat(a, b);
}

export function byNameOfPat(a: PatRow, b: PatRow): number {
  return (
    byName(a.pat.displayName, b.pat.displayName) ||
    byName(a.organization, b.organization) ||
    byName(a.pat.authorizationId, b.pat.authorizationId)
  );
}

/** Reports, the newest first: the last attempt of a step comes before those that it made up for. */
export function newestFirst(reports: readonly ReadReport[]): readonly ReadReport[] {
  return [...reports].sort((a, b) => b.finishedAt - a.finishedAt);
}

/** Of each step only its newest attempt. Where a report does not name its step, an older task wrote it, and it counts. */
export function newestAttempts(reports: readonly ReadReport[]): readonly ReadReport[] {
  const seen = new Set<string>();
  return newestFirst(reports).filter(({ report: { step } }) => {
    if (step === undefined || step === '') return true;
    const isNew = !seen.has(step);
    seen.add(step);
    return isNew;
  });
}

/** Whether this step did not do what it should. */
export function hasFailed({ report, rows }: ReadReport): boolean {
  return (
    report.failure !== undefined ||
    report.unreachable.length > 0 ||
    (report.endingTooSoon ?? []).length > 0 ||
    rows.some(({ pat }) => pat.matter === 'failed')
  );
}

function rowOf(pat: AttachedPat, organization: string, finishedAt: number): PatRow {
  const rank = (matters as readonly string[]).indexOf(pat.matter);
  const previousEnd = time(pat.previousValidTo);
  const isReplacement = pat.action === 'replace' && pat.outcome !== 'failed';
  const places = placesOf(pat);
  return {
    pat,
    organization,
    rank: rank < 0 ? matters.length : rank,
    isPlanned: pat.outcome === 'planned',
    needsAttention: pat.matter === 'failed' || pat.matter === 'ends soon',
    created: time(pat.validFrom) ?? finishedAt,
    ends: time(pat.validTo) ?? finishedAt,
    old:
      isReplacement && previousEnd !== undefined
        ? { created: time(pat.previousValidFrom) ?? finishedAt, ends: previousEnd }
        : undefined,
    endedBefore: isReplacement ? undefined : previousEnd,
    supersededAt: time(pat.supersededAt),
    revokeAfter: time(pat.revokeAfter),
    revokedAt: pat.action === 'revoke' && pat.outcome === 'done' ? finishedAt : undefined,
    places,
    fields: [pat.displayName, organization, pat.scope, pat.done, pat.message ?? '', ...places.map(({ place }) => place)]
      .filter((field) => field !== '')
      .map((field) => field.toLowerCase()),
  };
}

function placesOf({ destinations, destination, outcome }: AttachedPat): readonly AttachedDestination[] {
  if (destinations !== undefined && destinations.length > 0) return destinations;
  return destination === undefined ? [] : [{ place: destination, outcome }];
}

function time(iso: string | undefined): number | undefined {
  const parsed = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(parsed) ? undefined : parsed;
}

type Written = Omit<AttachedReport, 'source' | 'warnings' | 'unreachable'> &
  Partial<Pick<AttachedReport, 'source' | 'warnings' | 'unreachable'>>;

function listsOf({ warnings, unreachable }: Written): Pick<AttachedReport, 'warnings' | 'unreachable'> {
  return { warnings: warnings ?? [], unreachable: unreachable ?? [] };
}

function isReport(value: unknown): value is Written {
  const report = Object(value) as Partial<Record<keyof AttachedReport, unknown>>;
  return (
    report.version === 1 &&
    isString(report.mode) &&
    isString(report.finishedAt) &&
    time(report.finishedAt) !== undefined &&
    typeof report.dryRun === 'boolean' &&
    [report.warnings, report.notices, report.endingTooSoon].every((list) => isListOrNothing(list, isString)) &&
    isListOrNothing(report.unreachable, isUnreachable) &&
    [report.source, report.nextExpiry, report.failure, report.step, report.account].every(isStringOrNothing) &&
    [report.warnDays, report.renewBeforeDays].every((days) => days === undefined || Number.isFinite(days)) &&
    isListOf(report.organizations, isOrganization)
  );
}

function isUnreachable(value: unknown): boolean {
  const each = Object(value) as Readonly<Record<string, unknown>>;
  return isString(each.organization) && isString(each.message);
}

function isOrganization(value: unknown): boolean {
  const each = Object(value) as Readonly<Record<string, unknown>>;
  return isString(each.organization) && isListOf(each.pats, isPat);
}

const needed = [
  'displayName',
  'authorizationId',
  'action',
  'outcome',
  'scope',
  'validFrom',
  'validTo',
  'matter',
  'done',
];
const optional = [
  ...['previousValidTo', 'newAuthorizationId', 'destination', 'revokeAfter', 'message'],
  ...['cause', 'previousValidFrom', 'supersededAt'],
];

function isPat(value: unknown): boolean {
  const pat = Object(value) as Readonly<Record<string, unknown>>;
  return (
    needed.every((name) => isString(pat[name])) &&
    optional.every((name) => isStringOrNothing(pat[name])) &&
    isListOrNothing(pat.destinations, isDestination)
  );
}

function isDestination(value: unknown): boolean {
  const each = Object(value) as Readonly<Record<string, unknown>>;
  return isString(each.place) && isString(each.outcome) && isStringOrNothing(each.message);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isStringOrNothing(value: unknown): boolean {
  return value === undefined || isString(value);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isListOrNothing(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return value === undefined || isListOf(value, isItem);
}
