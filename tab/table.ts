import { dateOf, distanceOf, momentOf } from './dates.ts';
import { element } from './element.ts';
import { compareNames, type PatRow } from './report.ts';
import { timeLine } from './time-line.ts';
import { type TimeScale, timeScale } from './time-scale.ts';

export type Column = 'name' | 'done' | 'ends';

export interface PatTable {
  readonly element: HTMLElement;
  /** Shows the rows that `wanted` accepts; says how many these are. */
  readonly filter: (wanted: (row: PatRow) => boolean) => number;
}

const compare: Readonly<Record<Column, (a: PatRow, b: PatRow) => number>> = {
  name: compareNames,
  done: (a, b) => a.rank - b.rank || a.ends - b.ends || compareNames(a, b),
  ends: (a, b) => a.ends - b.ends || compareNames(a, b),
};

const titles: readonly { readonly column: Column; readonly title: string }[] = [
  { column: 'name', title: 'PAT' },
  { column: 'done', title: 'What was done' },
  { column: 'ends', title: 'Ends' },
];

/**
 * The table of all PATs. Every row is in the document, so that a browser's search and a screen reader find all of them;
 * each is made once, and sorting and filtering only move it.
 * @param onSort called after the reader chose another order, with its name
 */
export function patTable(rows: readonly PatRow[], now: number, onSort: (order: string) => void): PatTable {
  const scale = timeScale(rows, now);
  const isSeveral = new Set(rows.map(({ organization }) => organization)).size > 1;
  const drawn = new Map(rows.map((row) => [row, drawRow(row, scale, isSeveral)]));
  const body = element('tbody', { role: 'rowgroup' });
  let order: { column: Column; isDescending: boolean } = { column: 'done', isDescending: false };
  let wanted = (_: PatRow): boolean => true;

  const show = (): number => {
    const shown = rows.filter(wanted).sort(compare[order.column]);
    if (order.isDescending) shown.reverse();
    body.replaceChildren(...shown.flatMap((row) => drawn.get(row)?.elements ?? []));
    makeReachable(body, shown[0] === undefined ? undefined : drawn.get(shown[0])?.opener);
    return shown.length;
  };

  const headers = titles.map(({ column, title }) => {
    const button = element('button', { type: 'button', class: 'sort' }, title);
    const header = element('th', { scope: 'col', role: 'columnheader', class: column }, button);
    button.addEventListener('click', () => {
      order = { column, isDescending: order.column === column && !order.isDescending };
      tellOrder();
      show();
      onSort(`${title}, ${order.isDescending ? 'descending' : 'ascending'}`);
    });
    return { column, header };
  });
  const tellOrder = () => {
    for (const { column, header } of headers) {
      const direction = order.isDescending ? 'descending' : 'ascending';
      header.setAttribute('aria-sort', order.column === column ? direction : 'none');
    }
  };
  tellOrder();
  show();
  body.addEventListener('keydown', moveByKey);

  const table = element(
    'table',
    {
      // Rows are laid out as grids, each for itself and only while it is seen; that costs them the roles of a table.
      role: 'table',
      'aria-label': 'Personal access tokens; a row’s button opens its details.',
      class: 'pats',
      style: gridLines(scale),
    },
    element(
      'thead',
      { role: 'rowgroup' },
      element('tr', { role: 'row' }, ...headers.map(({ header }) => header), axis(scale)),
    ),
    body,
  );
  return {
    element: element('div', { class: 'scroll', tabindex: '-1' }, table),
    filter: (accepts) => {
      wanted = accepts;
      return show();
    },
  };
}

interface DrawnRow {
  /** The row, and the row of its details while these are open. */
  readonly elements: HTMLTableRowElement[];
  readonly opener: HTMLButtonElement;
}

let ids = 0;

function drawRow(row: PatRow, scale: TimeScale, withOrganization: boolean): DrawnRow {
  const { pat, organization, ends, revokedAt } = row;
  const opener = element('button', { type: 'button', class: 'open', 'aria-expanded': 'false', tabindex: '-1' });
  opener.append(pat.displayName);
  const line = element(
    'tr',
    { role: 'row', class: pat.matter.replace(' ', '-') },
    element(
      'th',
      { scope: 'row', role: 'rowheader', class: 'name' },
      opener,
      sub(withOrganization ? `${organization} · ${pat.scope}` : pat.scope),
    ),
    element(
      'td',
      { role: 'cell', class: 'done' },
      element('span', { class: 'state' }, pat.done),
      sub(pat.message ?? pat.destination),
    ),
    element(
      'td',
      { role: 'cell', class: 'ends' },
      dateOf(revokedAt ?? ends),
      sub(revokedAt === undefined ? distanceOf(ends, scale.now) : 'revoked'),
    ),
    element('td', { role: 'cell', class: 'time' }, timeLine(row, scale)),
  );
  const elements = [line];
  let details: HTMLTableRowElement | undefined;
  opener.addEventListener('click', () => {
    const opens = elements.length === 1;
    opener.setAttribute('aria-expanded', String(opens));
    if (!opens) {
      elements.pop()?.remove();
      return;
    }
    details ??= element(
      'tr',
      { role: 'row', class: 'details', id: `details-${++ids}` },
      element('td', { role: 'cell', colspan: '4' }, definitions(row)),
    );
    opener.setAttribute('aria-controls', details.id);
    elements.push(details);
    line.after(details);
  });
  return { elements, opener };
}

function sub(text: string | undefined): HTMLElement | undefined {
  return text === undefined || text === '' ? undefined : element('div', { class: 'sub', title: text }, text);
}

function definitions(row: PatRow): HTMLElement {
  const { pat, old, supersededAt, revokeAfter, revokedAt } = row;
  const moment = (instant: number | undefined) => (instant === undefined ? undefined : momentOf(instant));
  const whose = old === undefined ? '' : 'Old one: ';
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Message', pat.message],
    ['Organization', row.organization],
    ['Scopes', pat.scope],
    ['Value is in', pat.destination],
    [`${whose}authorization ID`, pat.authorizationId],
    ['Old one: created', moment(old?.created)],
    [`${whose}superseded`, moment(supersededAt)],
    [`${whose}revoked after`, moment(revokedAt === undefined ? revokeAfter : undefined)],
    ['Old one: would end', moment(old?.ends)],
    ['New authorization ID', pat.newAuthorizationId],
    ['Created', moment(row.created)],
    ['Ended before this run', moment(row.endedBefore)],
    ['Revoked', moment(revokedAt)],
    [revokedAt === undefined ? 'Ends' : 'Would have ended', moment(row.ends)],
  ];
  return element(
    'dl',
    {},
    ...facts.flatMap(([term, text]) =>
      text === undefined
        ? []
        : [
            element(
              'div',
              { class: term === 'Message' ? 'whole' : undefined },
              element('dt', {}, term),
              element('dd', {}, text),
            ),
          ],
    ),
  );
}

function axis(scale: TimeScale): HTMLElement {
  const today = scale.percent(scale.now);
  // None over the word today, and none beyond the edge.
  const apart = scale.ticks.filter(({ at }) => Math.abs(scale.percent(at) - today) > 6 && scale.percent(at) < 92);
  const labels = apart.map(({ at, label }) =>
    element('span', { class: 'tick', style: `left:${scale.percent(at)}%` }, label),
  );
  return element(
    'th',
    { scope: 'col', role: 'columnheader', class: 'time' },
    element('span', { class: 'unseen' }, 'Time line'),
    element(
      'div',
      { class: 'axis', 'aria-hidden': 'true' },
      ...labels,
      element('span', { class: 'tick today', style: `left:${today}%` }, 'today'),
    ),
  );
}

/** The lines behind all time lines, as one background. */
function gridLines(scale: TimeScale): string {
  const line = (color: string, at: number) =>
    `linear-gradient(var(${color}),var(${color})) ${scale.percent(at)}% 0/1px 100% no-repeat`;
  return `--grid:${[line('--today', scale.now), ...scale.ticks.map(({ at }) => line('--line', at))].join(',')}`;
}

/** One row's button is reached by Tab, the others from there by the arrow keys. */
function makeReachable(body: HTMLElement, opener: HTMLButtonElement | undefined): void {
  body.querySelector('.open[tabindex="0"]')?.setAttribute('tabindex', '-1');
  opener?.setAttribute('tabindex', '0');
}

function moveByKey(event: KeyboardEvent): void {
  const { currentTarget: body, target } = event;
  if (!(body instanceof HTMLElement && target instanceof HTMLButtonElement && target.matches('.open'))) return;
  const openers = [...body.querySelectorAll<HTMLButtonElement>('.open')];
  const at = openers.indexOf(target);
  const places: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + 10,
    PageUp: at - 10,
    Home: 0,
    End: openers.length - 1,
  };
  const place = places[event.key];
  if (place === undefined) return;
  event.preventDefault();
  const next = openers[Math.min(openers.length - 1, Math.max(0, place))];
  makeReachable(body, next);
  next?.focus();
}
