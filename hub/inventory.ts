import { day } from '../tab/dates.ts';
import {
  byNameOfPat,
  hasFailed,
  matters,
  newestAttempts,
  type PatRow,
  type ReadReport,
  type StepReport,
} from '../tab/report.ts';

export interface Pipeline {
  readonly id: number;
  readonly name: string;
  readonly state: 'enabled' | 'paused' | 'disabled';
}

export interface Run {
  readonly id: number;
  readonly number: string;
  /** `succeeded`, `partiallySucceeded`, `failed`, `canceled`. */
  readonly result: string;
  /** In milliseconds since 1970. */
  readonly finishedAt: number;
}

/** What one run of a pipeline told. */
export interface ToldRun {
  readonly run: Run;
  readonly reports: readonly StepReport[];
}

/** A pipeline that uses the task, with all that was read of it. */
export interface ToldPipeline {
  readonly pipeline: Pipeline;
  /** The newest run of all. */
  readonly last: Run;
  /** The runs that were read, the newest first. */
  readonly runs: readonly ToldRun[];
}

/** A PAT as the newest report of any pipeline tells of it; times in milliseconds since 1970. */
export interface HubRow extends PatRow {
  /** Undefined: an older version of the task did not name it. */
  readonly account: string | undefined;
  /** The pipeline that renews it, or at least tells of it, and the run that did so last. */
  readonly pipeline: Pipeline;
  readonly run: Run;
  /** Whether that pipeline renews PATs, and does not only list or revoke them. */
  readonly renews: boolean;
  readonly toldAt: number;
  /** When it was extended or delivered, as far as the reports that were read go back. */
  readonly renewedAt: number | undefined;
  /** From then on a run renews it. */
  readonly dueFrom: number | undefined;
  /** Its place in the order of names. Comparing tens of thousands of names takes its time: once is enough. */
  readonly order: number;
}

/** Several reports tell of one PAT: each is one of them. */
interface Telling {
  readonly pipeline: Pipeline;
  readonly run: Run;
  readonly read: ReadReport;
}

/** Days before an end within which it is near, where a report does not say. */
const usualWarnDays = 14;

/** Every PAT of all pipelines, once. Of what two reports say the newer one counts. */
export function inventory(pipelines: readonly ToldPipeline[], now: number): readonly HubRow[] {
  const tellings = pipelines.flatMap(tellingsOf).sort((a, b) => b.read.finishedAt - a.read.finishedAt);
  const rows = new Map<string, HubRow>();
  /** PATs of which a newer report has told, the replaced ones too. */
  const told = new Set<string>();
  /** What a step has listed already: a PAT that is missing there has left the account. */
  const listed = new Set<string>();
  for (const telling of tellings) {
    const { read } = telling;
    const lists = read.report.organizations.map(({ organization }) => listOf(telling, organization));
    for (const row of read.rows) {
      const id = idOf(row, livingId(row));
      const known = rows.get(id);
      if (known !== undefined) rows.set(id, alsoToldBy(known, firstTold(row, telling, now)));
      else if (!told.has(id) && !listed.has(listOf(telling, row.organization)))
        rows.set(id, firstTold(row, telling, now));
    }
    for (const row of read.rows) {
      const replaced = rows.get(idOf(row, row.pat.authorizationId));
      if (replaced !== undefined && livingId(row) !== row.pat.authorizationId)
        rows.set(idOf(row, row.pat.authorizationId), ownedBy(replaced, firstTold(row, telling, now)));
    }
    for (const row of read.rows) for (const id of [livingId(row), row.pat.authorizationId]) told.add(idOf(row, id));
    for (const list of lists) listed.add(list);
  }
  return [...rows.values()].sort(byNameOfPat).map((row, order) => ({ ...row, order }));
}

/** What needs attention first, then what ends first, then by name. */
export function byUrgency(a: HubRow, b: HubRow): number {
  return a.rank - b.rank || byEndThenOrder(a, b);
}

export function byEndThenOrder(a: HubRow, b: HubRow): number {
  return Math.floor(a.ends / 1000) - Math.floor(b.ends / 1000) || a.order - b.order;
}

/** Whether consumers may be using it. */
export function isInUse({ pat, ends }: PatRow, now: number): boolean {
  return ends > now && !['leaving', 'left', 'history'].includes(pat.matter);
}

function tellingsOf({ pipeline, runs }: ToldPipeline): readonly Telling[] {
  return runs.flatMap(({ run, reports }) =>
    newestAttempts(reports.filter((report) => report.kind === 'report')).map((read) => ({ pipeline, run, read })),
  );
}

function listOf({ pipeline, read: { report } }: Telling, organization: string): string {
  return JSON.stringify([pipeline.id, report.step ?? report.source, report.account, organization.toLowerCase()]);
}

function idOf({ organization }: PatRow, authorizationId: string): string {
  return JSON.stringify([organization.toLowerCase(), authorizationId]);
}

/** The id of the PAT whose end the row tells: of a replacement that of the new one, once it is there. */
function livingId({ pat }: PatRow): string {
  return pat.outcome === 'done' ? (pat.newAuthorizationId ?? pat.authorizationId) : pat.authorizationId;
}

function firstTold(row: PatRow, { pipeline, run, read }: Telling, now: number): HubRow {
  const { report } = read;
  const living = row.isPlanned ? asItIs(row) : row;
  const matter = matterOf(living, now, report.warnDays ?? usualWarnDays);
  const { account, renewBeforeDays, mode } = report;
  const renews = mode === 'simple' || mode === 'advanced';
  return {
    ...living,
    pat: { ...row.pat, matter, done: wordsFor(living, matter, now) },
    rank: (matters as readonly string[]).indexOf(matter),
    needsAttention: matter === 'failed' || matter === 'ends soon',
    fields: [...row.fields, account ?? '', pipeline.name].map((field) => field.toLowerCase()),
    account,
    pipeline,
    run,
    renews,
    toldAt: read.finishedAt,
    renewedAt: renewalOf(row, read),
    dueFrom: renews && renewBeforeDays !== undefined ? living.ends - renewBeforeDays * day : undefined,
    order: 0,
  };
}

/**
 * An older report adds when a PAT was renewed. And what a pipeline says that only lists PATs is no news of their renewal: the
 * one that renews them is theirs, and what failed there has failed until it succeeds.
 */
function alsoToldBy(known: HubRow, older: HubRow): HubRow {
  const row = { ...known, renewedAt: known.renewedAt ?? older.renewedAt };
  if (known.renews || !older.renews) return row;
  const owned = { ...ownedBy(row, older), places: known.places.length > 0 ? known.places : older.places };
  // Who only lists PATs goes by their names, and takes the youngest for the one in use.
  const isInUse = ['in use', 'ends soon', 'left'].includes(known.pat.matter);
  if (!isInUse || Math.abs(known.ends - older.ends) >= 1000) return owned;
  const { pat, rank, needsAttention, created, ends, old, endedBefore, supersededAt, revokeAfter } = older;
  return { ...owned, pat, rank, needsAttention, created, ends, old, endedBefore, supersededAt, revokeAfter };
}

function ownedBy(row: HubRow, owner: HubRow): HubRow {
  if (row.renews || !owner.renews) return row;
  const { pipeline, run, renews, dueFrom, fields } = owner;
  const isLeaving = row.pat.matter === 'leaving' || row.pat.matter === 'history';
  return {
    ...row,
    account: row.account ?? owner.account,
    pipeline,
    run,
    renews,
    dueFrom: isLeaving ? undefined : dueFrom,
    fields: [...new Set([...row.fields, ...fields])],
  };
}

/** A dry run tells what would be; until then the PAT is what it was. */
function asItIs(row: PatRow): PatRow {
  return {
    ...row,
    isPlanned: false,
    created: row.old?.created ?? row.created,
    ends: row.old?.ends ?? row.endedBefore ?? row.ends,
    old: undefined,
    endedBefore: undefined,
    supersededAt: undefined,
    revokeAfter: undefined,
  };
}

function renewalOf({ pat, created }: PatRow, { finishedAt }: ReadReport): number | undefined {
  if (pat.outcome !== 'done') return undefined;
  if (pat.action === 'replace') return created;
  return pat.action === 'extend' ? finishedAt : undefined;
}

/** A report gets old: what it called in use may have ended since. */
function matterOf(row: PatRow, now: number, warnDays: number): string {
  const { pat, ends, revokedAt } = row;
  if (pat.matter === 'failed') return 'failed';
  if (revokedAt !== undefined || pat.matter === 'history') return 'history';
  const isLeaving = pat.matter === 'leaving' || pat.action === 'revoke';
  if (ends <= now) return isLeaving ? 'history' : 'expired';
  if (isLeaving) return 'leaving';
  if (pat.matter === 'left' && pat.done === 'older') return 'left';
  return ends - now <= warnDays * day ? 'ends soon' : 'in use';
}

function wordsFor({ revokedAt, ends }: PatRow, matter: string, now: number): string {
  if (matter === 'history') return revokedAt === undefined ? 'expired' : 'revoked';
  if (matter === 'failed') return ends <= now ? 'failed, has ended' : 'failed';
  return words[matter] ?? matter;
}

const words: Readonly<Record<string, string>> = { leaving: 'superseded', left: 'older' };

/** When everything of a pipeline's steps last went well, of the runs that were read; dry runs prove nothing. */
export function lastGood({ runs }: ToldPipeline): number | undefined {
  for (const { run, reports } of runs) {
    const read = reports.filter((report) => report.kind === 'report');
    const counting = newestAttempts(read);
    const isWhole = read.length === reports.length && counting.length > 0;
    if (isWhole && counting.every((each) => !hasFailed(each) && !each.report.dryRun)) return run.finishedAt;
  }
  return undefined;
}
