import { dateOf, distanceOf, momentOf } from '../tab/dates.ts';
import { details } from '../tab/details.ts';
import { element } from '../tab/element.ts';
import { filters } from '../tab/filters.ts';
import { legend } from '../tab/legend.ts';
import { link, remedyLink } from '../tab/links.ts';
import { calm, notice } from '../tab/notice.ts';
import { type Grouping, patTable, type TableColumn } from '../tab/pat-table.ts';
import { timeScale } from '../tab/time-scale.ts';
import { copy } from './copy.ts';
import { csv } from './csv.ts';
import {
  byEndThenOrder,
  byUrgency,
  type HubRow,
  inventory,
  isInUse,
  type Run,
  type ToldPipeline,
} from './inventory.ts';
import { type PipelineState, pipelineStates, wordsFor } from './pipelines.ts';

export type HubState =
  | { readonly kind: 'loading'; readonly done: number; readonly all: number }
  | { readonly kind: 'error'; readonly why: string; readonly retry: () => void }
  | {
      readonly kind: 'read';
      readonly pipelines: readonly ToldPipeline[];
      /** The reader's clock, in milliseconds since 1970. */
      readonly now: number;
      /** With a slash at the end. */
      readonly projectUrl: string;
      readonly again: () => void;
    };

type Read = HubState & { readonly kind: 'read' };

export function showHub(root: HTMLElement, state: HubState): void {
  root.replaceChildren(...contentOf(state));
}

function contentOf(state: HubState): readonly HTMLElement[] {
  switch (state.kind) {
    case 'loading':
      return [
        calm(
          'Reading the reports of this project’s pipelines…',
          state.all === 0 ? undefined : `${state.done} of ${state.all} pipelines`,
        ),
      ];
    case 'error': {
      const box = calm('The pipelines of this project could not be read.', state.why);
      box.append(button('Try again', state.retry));
      return [box];
    }
    case 'read':
      return state.pipelines.length === 0 ? [nothing(state)] : everything(state);
  }
}

function nothing({ again }: Read): HTMLElement {
  const box = calm(
    'No pipeline of this project has renewed a PAT yet.',
    'Once a run with the task Renew PATs has ended, its PATs stand here. Runs from before this page existed are not found: the next one is. Classic releases have no part in it.',
  );
  box.append(button('Read again', again));
  return box;
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'button' }, text);
  made.addEventListener('click', act);
  return made;
}

function everything(read: Read): readonly HTMLElement[] {
  const { pipelines, now, again } = read;
  const rows = inventory(pipelines, now);
  const states = pipelineStates(pipelines, rows, now);
  const accounts = new Set(rows.map(({ account }) => account));
  const organizations = new Set(rows.map(({ organization }) => organization.toLowerCase()));
  const facts = [
    amount(pipelines.length, 'pipeline'),
    accounts.has(undefined) ? undefined : amount(accounts.size, 'account'),
    amount(organizations.size, 'organization'),
    `read ${momentOf(now)}`,
  ];
  return [
    element('h1', {}, tally(rows)),
    element(
      'p',
      { class: 'facts' },
      facts.filter((fact) => fact !== undefined).join(' · '),
      ' ',
      button('Read again', again),
    ),
    ...troubles(states, read),
    ...whatEndsNext(rows, read),
    overview(states, read),
    ...(rows.length === 0 ? [] : list(rows, read)),
  ];
}

function amount(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}

/** `2 failed, 1 ends soon, 117 in use` */
function tally(rows: readonly HubRow[]): string {
  const counts = new Map<string, number>();
  for (const { pat } of [...rows].sort(byUrgency)) {
    if (pat.matter !== 'history') counts.set(pat.matter, (counts.get(pat.matter) ?? 0) + 1);
  }
  const words = (matter: string, count: number) => {
    if (matter === 'leaving') return 'superseded';
    if (matter === 'left') return 'older';
    return matter === 'ends soon' && count > 1 ? 'end soon' : matter;
  };
  const parts = [...counts].map(([matter, count]) => `${count} ${words(matter, count)}`);
  return parts.join(', ') || 'No PAT is in use';
}

function runLink({ id }: Run, text: string, { projectUrl }: Read): HTMLElement {
  return link(`${projectUrl}_build/results?buildId=${id}`, text);
}

const troublesAtMost = 8;

function troubles(states: readonly PipelineState[], read: Read): readonly HTMLElement[] {
  const all = states.flatMap((state) => state.troubles);
  const ordered = [...all.filter(({ kind }) => kind === 'error'), ...all.filter(({ kind }) => kind === 'warning')];
  const drawn = ordered.map(({ kind, text, run, message }) =>
    notice(kind, text, runLink(run, `Run ${run.number}`, read), message === '' ? undefined : remedyLink(message)),
  );
  const surplus = drawn.slice(troublesAtMost);
  return [
    ...drawn.slice(0, troublesAtMost),
    ...(surplus.length === 0
      ? []
      : [element('details', { class: 'pipelines' }, element('summary', {}, `${surplus.length} more`), ...surplus)]),
  ];
}

const nextAtMost = 5;

function whatEndsNext(rows: readonly HubRow[], read: Read): readonly HTMLElement[] {
  const { now } = read;
  const next = rows
    .filter((row) => isInUse(row, now))
    .sort(byEndThenOrder)
    .slice(0, nextAtMost);
  if (next.length === 0) return [];
  const items = next.map((row) =>
    element(
      'li',
      {},
      element(
        'span',
        { class: row.needsAttention ? 'near' : undefined },
        `${dateOf(row.ends)} (${distanceOf(row.ends, now)})`,
      ),
      ' ',
      element('bdi', {}, row.pat.displayName),
      element(
        'span',
        { class: 'sub' },
        element('bdi', {}, [row.organization, row.account].filter((part) => part !== undefined).join(' · ')),
        ' · ',
        runLink(row.run, row.pipeline.name, read),
      ),
    ),
  );
  return [
    element('h2', { id: 'next' }, 'What ends next'),
    element('ol', { class: 'next', 'aria-labelledby': 'next' }, ...items),
  ];
}

function overview(states: readonly PipelineState[], read: Read): HTMLElement {
  const { now } = read;
  const ordered = [...states].sort(
    (a, b) => b.troubles.length - a.troubles.length || (a.goodAt ?? 0) - (b.goodAt ?? 0),
  );
  const items = ordered.map(({ told, goodAt, inUse, troubles: found }) => {
    const [first] = inUse;
    const facts = [
      amount(inUse.length, 'PAT'),
      first === undefined ? undefined : `the first ends ${dateOf(first.ends)}`,
      `last run ${dateOf(told.last.finishedAt)} ${wordsFor(told.last)}`,
      goodAt === undefined ? 'no kept run has succeeded' : `last good ${dateOf(goodAt)} (${distanceOf(goodAt, now)})`,
      told.pipeline.state === 'enabled' ? undefined : told.pipeline.state,
      found.length === 0 ? undefined : 'needs attention, see above',
    ];
    return element(
      'li',
      {},
      runLink(told.last, told.pipeline.name, read),
      `: ${facts.filter((fact) => fact !== undefined).join(' · ')}`,
    );
  });
  return element(
    'details',
    { class: 'pipelines' },
    element('summary', {}, `All pipelines (${states.length})`),
    element('ul', {}, ...items),
  );
}

const groupings: readonly {
  readonly title: string;
  readonly groupsOf: ((row: HubRow) => readonly string[]) | undefined;
}[] = [
  { title: 'nothing', groupsOf: undefined },
  { title: 'account', groupsOf: ({ account }) => [account ?? 'not named (an older version of the task)'] },
  { title: 'pipeline', groupsOf: ({ pipeline }) => [pipeline.name] },
  {
    title: 'place',
    groupsOf: ({ places }) =>
      places.length === 0 ? ['no place is known'] : [...new Set(places.map(({ place }) => containerOf(place)))],
  },
];

/** `contoso-vault` of `contoso-vault/Build-feed`; a variable of the job stands for itself. */
function containerOf(place: string): string {
  const end = place.lastIndexOf('/');
  return end < 0 ? place : place.slice(0, end);
}

const rowsAtOnce = 100;

/** Filter, groups, legend and table. */
function list(all: readonly HubRow[], read: Read): readonly HTMLElement[] {
  const { now } = read;
  const rows = [...all].sort(byUrgency);
  const scale = timeScale(rows, now);
  const meaning = legend(scale, 'added by its last renewal');
  const status = element('p', { role: 'status', class: 'status' });
  const byHand = element('div');
  let shown: readonly HubRow[] = rows;
  let order = '';
  let grouped = '';
  const table = patTable({
    rows,
    columns: columnsFor(now),
    scale,
    orderedBy: 'done',
    atOnce: rowsAtOnce,
    detailsOf: (row) => detailsOf(row, read),
    onOrder: (chosen) => {
      order = `, sorted by ${chosen}`;
      apply();
    },
  });
  const searched = 'name, account, organization, pipeline, scope, place or message';
  const chosen = filters(rows, searched, () => apply(), { history: 'Gone', left: 'Older' });
  const apply = () => {
    shown = table.filter(chosen.accepts());
    meaning.show(shown);
    tell('');
  };
  const tell = (news: string) => {
    const count = shown.length === rows.length ? `${rows.length}` : `${shown.length} of ${rows.length}`;
    status.textContent = `${count} ${rows.length === 1 ? 'PAT' : 'PATs'}${grouped}${order}${news}`;
  };
  const group = element(
    'select',
    { id: 'group' },
    ...groupings.map(({ title }, index) => element('option', { value: String(index) }, title)),
  );
  group.addEventListener('change', () => {
    const { title, groupsOf } = groupings[Number(group.value)] ?? {};
    const grouping: Grouping<HubRow> | undefined =
      groupsOf === undefined ? undefined : { groupsOf, facts: (members) => factsOf(members, now) };
    table.group(grouping);
    grouped = groupsOf === undefined ? '' : `, grouped by ${title}`;
    tell('');
  });
  const copying = button('Copy as CSV', () => {
    void copy(csv([csvHeader, ...shown.map(csvRow)]), byHand).then((isCopied) =>
      tell(
        isCopied ? `, copied as CSV` : '. This browser does not let the page copy: the text below is selected, copy it',
      ),
    );
  });
  apply();
  return [
    element('h2', {}, 'All personal access tokens'),
    element(
      'div',
      { class: 'tools' },
      chosen.search,
      element('div', { class: 'choice' }, element('label', { for: 'group' }, 'Group by'), group),
      copying,
      chosen.buttons,
      status,
    ),
    byHand,
    meaning.element,
    table.element,
  ];
}

function factsOf(rows: readonly HubRow[], now: number): string {
  const next = Math.min(...rows.filter((row) => isInUse(row, now)).map(({ ends }) => ends));
  return [
    amount(rows.length, 'PAT'),
    Number.isFinite(next) ? `next end ${dateOf(next)} (${distanceOf(next, now)})` : 'none in use',
    tally(rows),
  ].join(' · ');
}

function columnsFor(now: number): [TableColumn<HubRow>, ...TableColumn<HubRow>[]] {
  return [
    {
      id: 'name',
      title: 'PAT',
      compare: (a, b) => a.order - b.order,
      text: ({ pat }) => pat.displayName,
      sub: ({ account, organization }) => [organization, account].filter((part) => part !== undefined).join(' · '),
    },
    {
      id: 'done',
      title: 'State',
      compare: byUrgency,
      text: ({ pat }) => pat.done,
      sub: ({ pat }) => pat.message,
    },
    {
      id: 'ends',
      title: 'Ends',
      compare: byEndThenOrder,
      text: ({ revokedAt, ends }) => dateOf(revokedAt ?? ends),
      sub: ({ revokedAt, ends }) => (revokedAt === undefined ? distanceOf(ends, now) : 'revoked'),
    },
    {
      id: 'renewed',
      title: 'Last renewed',
      compare: (a, b) => (a.renewedAt ?? a.created) - (b.renewedAt ?? b.created) || a.order - b.order,
      text: ({ renewedAt, created }) => (renewedAt === undefined ? `made ${dateOf(created)}` : dateOf(renewedAt)),
      sub: ({ pipeline }) => pipeline.name,
    },
    {
      id: 'place',
      title: 'Value is in',
      compare: (a, b) => {
        const [one = '', other = ''] = [a.places[0]?.place, b.places[0]?.place];
        if (one !== other) return one < other ? -1 : 1;
        return a.order - b.order;
      },
      text: ({ places }) => places[0]?.place ?? '–',
      sub: ({ places }) => (places.length > 1 ? `and ${amount(places.length - 1, 'more place')}` : undefined),
    },
  ];
}

function detailsOf(row: HubRow, read: Read): HTMLElement {
  const { account, pipeline, run, toldAt, renewedAt, dueFrom } = row;
  return details(row, read.now, account, [
    ['Account', account ?? 'not named: an older version of the task wrote this'],
    ['Pipeline, and its run', runLink(run, `${pipeline.name}, ${run.number}`, read)],
    ['As of', momentOf(toldAt)],
    ['Last renewed', renewedAt === undefined ? undefined : momentOf(renewedAt)],
    ['Is renewed from', dueFrom === undefined ? undefined : momentOf(dueFrom)],
  ]);
}

const csvHeader = [
  ...['PAT', 'Organization', 'Account', 'State', 'Created', 'Ends', 'Last renewed', 'Value is in', 'Pipeline', 'Run'],
  ...['As of', 'Scopes', 'Message', 'Authorization ID'],
];

function csvRow(row: HubRow): readonly string[] {
  const { pat, organization, account, created, ends, renewedAt, places, pipeline, run, toldAt } = row;
  const iso = (at: number | undefined) => (at === undefined ? '' : new Date(at).toISOString());
  return [
    ...[pat.displayName, organization, account ?? '', pat.done, iso(created), iso(ends), iso(renewedAt)],
    ...[places.map(({ place }) => place).join('; '), pipeline.name, run.number, iso(toldAt)],
    ...[pat.scope, pat.message ?? '', pat.newAuthorizationId ?? pat.authorizationId],
  ];
}
