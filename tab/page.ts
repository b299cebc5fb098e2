import { dateOf, distanceOf, momentOf } from './dates.ts';
import { element } from './element.ts';
import { matters, type PatRow, type StepReport } from './report.ts';
import { patTable } from './table.ts';

export type PageState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'nothing'; readonly isRunning: boolean }
  | { readonly kind: 'error'; readonly why: string; readonly retry: () => void }
  | { readonly kind: 'reports'; readonly reports: readonly StepReport[] };

type Readable = StepReport & { readonly kind: 'report' };

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
              'The step did not run, or it ended before it could sign in: its log says why. Runs from before this tab existed have none either.',
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

function calm(headline: string, sentence?: string): HTMLElement {
  return element(
    'div',
    { class: 'calm', role: 'status' },
    element('h1', {}, headline),
    sentence === undefined ? undefined : element('p', {}, sentence),
  );
}

function reports(all: readonly StepReport[], now: number): readonly HTMLElement[] {
  const readable = all
    .filter((step): step is Readable => step.kind === 'report')
    .sort((a, b) => (a.report.finishedAt < b.report.finishedAt ? -1 : 1));
  const notices = all.flatMap((step) =>
    step.kind === 'report' ? [] : [notice('warning', `One report of this run cannot be shown: ${step.why}`)],
  );
  const place = element('div');
  const show = (step: Readable | undefined) =>
    place.replaceChildren(...(step === undefined ? [] : oneReport(step, now)));
  const first = readable.find(hasFailed) ?? readable.at(-1);
  show(first);
  if (readable.length < 2) return [...notices, place];

  const choice = element(
    'select',
    { id: 'step' },
    ...readable.map((step, index) =>
      element('option', { value: String(index), selected: step === first ? '' : undefined }, nameOf(step)),
    ),
  );
  choice.addEventListener('change', () => show(readable[Number(choice.value)]));
  const label = element('label', { for: 'step' }, `This run has ${readable.length} reports:`);
  return [...notices, element('div', { class: 'choice' }, label, choice), place];
}

function hasFailed({ report, rows }: Readable): boolean {
  return (
    report.failure !== undefined || report.unreachable.length > 0 || rows.some(({ pat }) => pat.matter === 'failed')
  );
}

function nameOf(step: Readable): string {
  const { report } = step;
  const where = report.organizations.map(({ organization }) => organization).join(', ');
  return [report.mode, where, momentOf(Date.parse(report.finishedAt)), report.source, hasFailed(step) ? 'failed' : '']
    .filter((part) => part !== '')
    .join(' · ');
}

function oneReport({ report, rows }: Readable, now: number): readonly HTMLElement[] {
  const finishedAt = Date.parse(report.finishedAt);
  const headline = report.failure === undefined ? tally(rows) : 'Nothing was done';
  const next = report.nextExpiry === undefined ? undefined : Date.parse(report.nextExpiry);
  const facts = [
    `Mode ${report.mode}`,
    report.dryRun ? 'dry run: nothing was written' : undefined,
    `as of ${momentOf(finishedAt)} (${distanceOf(finishedAt, now)})`,
    next === undefined || Number.isNaN(next) ? undefined : `next end ${dateOf(next)} (${distanceOf(next, now)})`,
  ];
  return [
    element('h1', {}, headline),
    element('p', { class: 'facts' }, facts.filter((fact) => fact !== undefined).join(' · ')),
    ...(report.failure === undefined ? [] : [notice('error', report.failure)]),
    ...report.unreachable.map(({ organization, message }) =>
      notice('error', `Organization ${organization} was left out: ${message}`),
    ),
    ...failures(rows),
    ...warnings(report.warnings),
    ...(rows.length === 0 ? [] : list(rows, now)),
  ];
}

function tally(rows: readonly PatRow[]): string {
  const counts = new Map<string, number>();
  for (const { pat } of rows) counts.set(pat.done, (counts.get(pat.done) ?? 0) + 1);
  return [...counts].map(([done, count]) => `${count} ${done}`).join(', ') || 'No PAT is selected';
}

function notice(kind: 'error' | 'warning', text: string): HTMLElement {
  return element(
    'p',
    { class: `notice ${kind}` },
    element('strong', {}, kind === 'error' ? 'Failed: ' : 'Note: '),
    text,
  );
}

const failuresAtMost = 5;

/** Each message says what to do, so it stands in full; the table has room for its beginning only. */
function failures(rows: readonly PatRow[]): readonly HTMLElement[] {
  const failed = rows.filter(({ pat }) => pat.matter === 'failed');
  const shown = failed.slice(0, failuresAtMost);
  const surplus = failed.length - shown.length;
  return [
    ...shown.map(({ pat, organization }) =>
      notice('error', `${pat.displayName} (${organization}): ${pat.message ?? 'no reason is given'}`),
    ),
    ...(surplus > 0 ? [notice('error', `${surplus} more: their rows have the reasons.`)] : []),
  ];
}

function warnings(texts: readonly string[]): readonly HTMLElement[] {
  if (texts.length === 0) return [];
  const title = texts.length === 1 ? 'One thing to look at' : `${texts.length} things to look at`;
  const items = texts.map((text) => element('li', {}, text));
  return [element('details', { class: 'notice warning' }, element('summary', {}, title), element('ul', {}, ...items))];
}

const filterNames: Readonly<Record<(typeof matters)[number], string>> = {
  failed: 'Failed',
  expired: 'Expired',
  'ends soon': 'Ends soon',
  changed: 'Changed',
  leaving: 'Superseded',
  left: 'Left alone',
  'in use': 'In use',
  history: 'Expired before',
};

/** Filter, legend and table. */
function list(rows: readonly PatRow[], now: number): readonly HTMLElement[] {
  const status = element('p', { role: 'status', class: 'status' });
  const search = element('input', {
    type: 'search',
    class: 'search',
    placeholder: 'Filter by name, scope, secret or message',
    'aria-label': 'Filter by name, scope, secret or message',
  });
  let matter: string | undefined;
  let order = '';
  const table = patTable(rows, now, (chosen) => {
    order = `, sorted by ${chosen}`;
    apply();
  });
  const apply = () => {
    const words = search.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const count = table.filter(
      ({ pat, text }) => (matter === undefined || pat.matter === matter) && words.every((word) => text.includes(word)),
    );
    status.textContent = `${count === rows.length ? `${count}` : `${count} of ${rows.length}`} PATs${order}`;
  };
  search.addEventListener('input', apply);
  const filters = element('div', { class: 'filters', role: 'group', 'aria-label': 'Show only' });
  const press = (chosen: string | undefined) => {
    matter = chosen;
    for (const button of filters.querySelectorAll('button'))
      button.setAttribute('aria-pressed', String((button.dataset.matter ?? '') === (chosen ?? '')));
    apply();
  };
  for (const name of [undefined, ...matters]) {
    const count = name === undefined ? rows.length : rows.filter(({ pat }) => pat.matter === name).length;
    if (count === 0) continue;
    const label = `${name === undefined ? 'All' : filterNames[name]} ${count}`;
    const button = element('button', { type: 'button', class: 'filter', 'data-matter': name ?? '' }, label);
    button.addEventListener('click', () => press(name));
    filters.append(button);
  }
  press(undefined);
  return [element('div', { class: 'tools' }, search, filters, status), legend(), table.element];
}

/** What the bars mean; each line says it in words of its own, so this is for the eye alone. */
function legend(): HTMLElement {
  const meanings = [
    ['bar life', 'valid'],
    ['bar added', 'added by this run'],
    ['bar grace', 'superseded, still valid'],
    ['mark revoke', 'revoked'],
    ['bar lost', 'not used any more'],
  ];
  return element(
    'div',
    { class: 'legend', 'aria-hidden': 'true' },
    ...meanings.map(([kind = '', text = '']) =>
      element('span', {}, element('span', { class: 'swatch' }, element('span', { class: kind })), text),
    ),
  );
}
