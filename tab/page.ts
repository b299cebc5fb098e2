import { dateOf, distanceOf, momentOf } from './dates.ts';
import { details } from './details.ts';
import { element } from './element.ts';
import { filters } from './filters.ts';
import { legend } from './legend.ts';
import { remedyLink, settingsLink } from './links.ts';
import { calm, notice } from './notice.ts';
import { patTable, type TableColumn } from './pat-table.ts';
import {
  byAttention,
  byEnd,
  byNameOfPat,
  hasFailed,
  newestAttempts,
  newestFirst,
  type PatRow,
  type ReadReport,
  type StepReport,
} from './report.ts';
import { timeScale } from './time-scale.ts';

export type PageState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'nothing'; readonly isRunning: boolean }
  | { readonly kind: 'error'; readonly why: string; readonly retry: () => void }
  | { readonly kind: 'reports'; readonly reports: readonly StepReport[] };

/** @param now the reader's clock, in milliseconds since 1970 */
export function showPage(root: HTMLElement, state: PageState, now: number): void {
  root.replaceChildren(...contentOf(state, now));
}

function contentOf(state: PageState, now: number): readonly HTMLElement[] {
  switch (state.kind) {
    case 'loading':
      return [calm('Reading the report of this run…')];
    case 'nothing':
      return [
        state.isRunning
          ? calm('No report yet.', 'The task attaches it when its step ends; this page then shows it.')
          : calm(
              'This run has no report.',
              'The step did not run, or it was stopped before it could write one: its log says why. Runs from before this tab existed have none either.',
            ),
      ];
    case 'error': {
      const again = element('button', { type: 'button', class: 'button' }, 'Try again');
      again.addEventListener('click', state.retry);
      const box = calm('The report could not be read.', state.why);
      box.append(again);
      return [box];
    }
    case 'reports':
      return reports(state.reports, now);
  }
}

function reports(all: readonly StepReport[], now: number): readonly HTMLElement[] {
  const readable = newestFirst(all.filter((step) => step.kind === 'report'));
  const counting = newestAttempts(readable);
  const notices = all.flatMap((step) =>
    step.kind === 'report' ? [] : [notice('warning', `One report of this run cannot be shown: ${step.why}`)],
  );
  if (readable.length === 0) return [element('h1', {}, 'No report of this run can be shown.'), ...notices];
  const place = element('div');
  const show = (step: ReadReport | undefined) =>
    place.replaceChildren(...(step === undefined ? [] : oneReport(step, now)));
  const first = counting.find(hasFailed) ?? counting[0];
  show(first);
  if (readable.length < 2) return [...notices, place];

  const choice = element(
    'select',
    { id: 'step' },
    ...readable.map((step, index) =>
      element(
        'option',
        { value: String(index), selected: step === first ? '' : undefined },
        nameOf(step, counting.includes(step)),
      ),
    ),
  );
  choice.addEventListener('change', () => show(readable[Number(choice.value)]));
  const label = element('label', { for: 'step' }, `This run has ${readable.length} reports:`);
  return [...notices, element('div', { class: 'choice' }, label, choice), place];
}

function nameOf(step: ReadReport, counts: boolean): string {
  const { report } = step;
  const where = report.organizations.map(({ organization }) => organization).join(', ');
  return [
    report.mode,
    where,
    momentOf(step.finishedAt),
    report.source,
    hasFailed(step) ? 'failed' : '',
    counts ? '' : 'earlier attempt',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function oneReport({ report, rows, finishedAt }: ReadReport, now: number): readonly HTMLElement[] {
  const headline = report.failure === undefined ? tally(rows) : 'Nothing was done';
  const next = report.nextExpiry === undefined ? undefined : Date.parse(report.nextExpiry);
  const facts = [
    // Of inputs that were refused not even the mode is known for certain.
    report.mode === '' || (report.failure !== undefined && report.account === undefined)
      ? undefined
      : `Mode ${report.mode}`,
    report.account,
    report.dryRun ? 'dry run: nothing was written' : undefined,
    `as of ${momentOf(finishedAt)} (${distanceOf(finishedAt, now)})`,
    next === undefined || Number.isNaN(next) ? undefined : `next end ${dateOf(next)} (${distanceOf(next, now)})`,
  ];
  return [
    element('h1', {}, headline),
    element('p', { class: 'facts' }, facts.filter((fact) => fact !== undefined).join(' · ')),
    ...(report.failure === undefined ? [] : [notice('error', report.failure, remedyLink(report.failure))]),
    ...report.unreachable.map(({ organization, message }) =>
      notice('error', `Organization ${organization} was left out: ${message}`, remedyLink(message)),
    ),
    ...failures(rows, report.account),
    ...(report.endingTooSoon ?? []).map((sentence) =>
      notice('error', `${sentence}; the input failDays makes that a failure.`),
    ),
    ...folded(report.warnings, 'warning', 'thing to look at', 'things to look at'),
    ...folded(report.notices ?? [], 'quiet', 'thing is good to know', 'things are good to know'),
    ...(rows.length === 0 ? [] : list({ report, rows, finishedAt, kind: 'report' }, now)),
  ];
}

/** `2 failed, 1 ends soon, 3 replaced` */
function tally(rows: readonly PatRow[]): string {
  const counts = new Map<string, number>();
  for (const { pat } of rows) counts.set(pat.done, (counts.get(pat.done) ?? 0) + 1);
  return [...counts].map(([done, count]) => `${count} ${counted(done, count)}`).join(', ') || 'No PAT is selected';
}

function counted(done: string, count: number): string {
  if (done === 'ends soon') return count === 1 ? done : 'end soon';
  return planned[done] ?? done;
}

const planned: Readonly<Record<string, string>> = {
  'would extend': 'would be extended',
  'would replace': 'would be replaced',
  'would copy': 'would be copied',
  'would revoke': 'would be revoked',
};

const failuresAtMost = 5;

/** Each message says what to do, so it stands in full, once for each cause; the table has room for its beginning only. */
function failures(rows: readonly PatRow[], account: string | undefined): readonly HTMLElement[] {
  const causes = new Map<string, PatRow[]>();
  for (const row of rows.filter(({ pat }) => pat.matter === 'failed')) {
    const { cause, message = '' } = row.pat;
    const key = JSON.stringify([row.organization, cause ?? message]);
    causes.set(key, [...(causes.get(key) ?? []), row]);
  }
  const groups = [...causes.values()];
  const surplus = groups.slice(failuresAtMost).flat().length;
  return [
    ...groups.slice(0, failuresAtMost).flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const { pat, organization } = first;
      const reason = pat.message ?? 'no reason is given';
      const sentence =
        others.length === 0
          ? `${pat.displayName} (${organization}): ${reason}`
          : `${pat.displayName} and ${others.length} more (${organization}) failed alike. Of the first: ${reason}`;
      return [notice('error', sentence, remedyLink(pat.message ?? ''), settingsLink(organization, account))];
    }),
    ...(surplus > 0 ? [notice('error', `${surplus} more: their rows have the reasons.`)] : []),
  ];
}

function folded(
  texts: readonly string[],
  look: 'warning' | 'quiet',
  one: string,
  several: string,
): readonly HTMLElement[] {
  if (texts.length === 0) return [];
  const title = texts.length === 1 ? `One ${one}` : `${texts.length} ${several}`;
  const items = texts.map((text) => element('li', {}, text));
  return [element('details', { class: `notice ${look}` }, element('summary', {}, title), element('ul', {}, ...items))];
}

/** Filter, legend and table. */
function list({ report, rows }: ReadReport, now: number): readonly HTMLElement[] {
  const scale = timeScale(rows, now);
  const meaning = legend(scale, report.dryRun ? 'would be added' : 'added by this run');
  const status = element('p', { role: 'status', class: 'status' });
  let order = '';
  const table = patTable({
    rows,
    columns: columnsFor(rows, now),
    scale,
    orderedBy: 'done',
    // All of them, so that a browser's search and a screen reader find every PAT of the run.
    atOnce: rows.length,
    detailsOf: (row) => details(row, now, report.account),
    onOrder: (chosen) => {
      order = `, sorted by ${chosen}`;
      apply();
    },
  });
  const chosen = filters(rows, 'name, organization, scope, place or message', () => apply());
  const apply = () => {
    const shown = table.filter(chosen.accepts());
    meaning.show(shown);
    const count = shown.length === rows.length ? `${rows.length}` : `${shown.length} of ${rows.length}`;
    status.textContent = `${count} ${rows.length === 1 ? 'PAT' : 'PATs'}${order}`;
  };
  apply();
  return [element('div', { class: 'tools' }, chosen.search, chosen.buttons, status), meaning.element, table.element];
}

function columnsFor(rows: readonly PatRow[], now: number): [TableColumn<PatRow>, ...TableColumn<PatRow>[]] {
  const isSeveral = new Set(rows.map(({ organization }) => organization)).size > 1;
  return [
    {
      id: 'name',
      title: 'PAT',
      compare: byNameOfPat,
      text: ({ pat }) => pat.displayName,
      sub: ({ pat, organization }) => (isSeveral ? `${organization} · ${pat.scope}` : pat.scope),
    },
    {
      id: 'done',
      title: 'What was done',
      compare: byAttention,
      text: ({ pat }) => pat.done,
      sub: ({ pat, places }) => pat.message ?? places.map(({ place }) => place).join(', '),
    },
    {
      id: 'ends',
      title: 'Ends',
      compare: byEnd,
      text: ({ revokedAt, ends }) => dateOf(revokedAt ?? ends),
      sub: ({ revokedAt, ends }) => (revokedAt === undefined ? distanceOf(ends, now) : 'revoked'),
    },
  ];
}
