import type { AttachedPat, AttachedReport } from '../src/report/attachment-format.ts';

/** One step's report, or why there is none to show. */
export type StepReport =
  | { readonly kind: 'report'; readonly report: AttachedReport; readonly rows: readonly PatRow[] }
  | { readonly kind: 'unreadable'; readonly why: string };

/** A PAT as the table shows it; times in milliseconds since 1970. */
export interface PatRow {
  readonly pat: AttachedPat;
  readonly organization: string;
  /** Place of its matter in the order of what needs attention. */
  readonly rank: number;
  readonly created: number;
  readonly ends: number;
  /** Of a replacement: the PAT that it replaced. */
  readonly old: { readonly created: number; readonly ends: number } | undefined;
  /** Of an extension: where it ended before. */
  readonly endedBefore: number | undefined;
  readonly supersededAt: number | undefined;
  /** When it, or the PAT that it replaced, may be revoked. */
  readonly revokeAfter: number | undefined;
  readonly revokedAt: number | undefined;
  /** Lower case, to search in. */
  readonly text: string;
}

/** In the order in which a person should read them. */
export const matters = ['failed', 'expired', 'ends soon', 'changed', 'leaving', 'left', 'in use', 'history'] as const;

/** Reads an attachment. It comes from a pipeline, so nothing is taken for granted but that it is text. */
export function readReport(text: string): StepReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', why: 'it is damaged.' };
  }
  if (!isReport(value)) {
    const { version } = Object(value) as { version?: unknown };
    const isNewer = typeof version === 'number' && version > 1;
    return { kind: 'unreadable', why: isNewer ? 'a newer version of the task wrote it.' : 'it is no report.' };
  }
  const report = value;
  const rows = report.organizations.flatMap(({ organization, pats }) =>
    pats.map((pat) => rowOf(pat, organization, Date.parse(report.finishedAt))),
  );
  rows.sort((a, b) => a.rank - b.rank || a.ends - b.ends || compareNames(a, b));
  return { kind: 'report', report, rows };
}

const collator = new Intl.Collator('en', { numeric: true });

export function compareNames(a: PatRow, b: PatRow): number {
  return collator.compare(a.pat.displayName, b.pat.displayName);
}

function rowOf(pat: AttachedPat, organization: string, finishedAt: number): PatRow {
  const rank = (matters as readonly string[]).indexOf(pat.matter);
  const previousEnd = time(pat.previousValidTo);
  const isReplacement = pat.action === 'replace' && pat.outcome !== 'failed';
  const revokeAfter = time(pat.revokeAfter);
  return {
    pat,
    organization,
    rank: rank < 0 ? matters.length : rank,
    created: time(pat.validFrom) ?? finishedAt,
    ends: time(pat.validTo) ?? finishedAt,
    old:
      isReplacement && previousEnd !== undefined
        ? { created: time(pat.previousValidFrom) ?? finishedAt, ends: previousEnd }
        : undefined,
    endedBefore: isReplacement ? undefined : previousEnd,
    supersededAt: time(pat.supersededAt),
    revokeAfter,
    revokedAt: pat.action === 'revoke' && pat.outcome === 'done' ? finishedAt : undefined,
    text: [pat.displayName, organization, pat.scope, pat.done, pat.destination, pat.message, pat.authorizationId]
      .filter((part) => part !== undefined)
      .join('\n')
      .toLowerCase(),
  };
}

function time(iso: string | undefined): number | undefined {
  const parsed = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(parsed) ? undefined : parsed;
}

function isReport(value: unknown): value is AttachedReport {
  const report = Object(value) as Partial<Record<keyof AttachedReport, unknown>>;
  return (
    report.version === 1 &&
    [report.mode, report.startedAt, report.finishedAt, report.source].every(isString) &&
    time(report.finishedAt as string) !== undefined &&
    typeof report.dryRun === 'boolean' &&
    isListOf(report.warnings, isString) &&
    isListOf(report.unreachable, (each) => isString(each.organization) && isString(each.message)) &&
    [report.nextExpiry, report.failure].every(isStringOrNothing) &&
    isListOf(report.organizations, (each) => isString(each.organization) && isListOf(each.pats, isPat))
  );
}

function isPat(value: Readonly<Record<string, unknown>>): boolean {
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
  const optional = ['previousValidTo', 'newAuthorizationId', 'destination', 'revokeAfter', 'message'];
  return (
    needed.every((name) => isString(value[name])) &&
    [...optional, 'previousValidFrom', 'supersededAt'].every((name) => isStringOrNothing(value[name]))
  );
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isStringOrNothing(value: unknown): boolean {
  return value === undefined || isString(value);
}

function isListOf(value: unknown, isItem: (item: Readonly<Record<string, unknown>>) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => (isItem === isString ? isString(item) : isItem(Object(item))));
}
