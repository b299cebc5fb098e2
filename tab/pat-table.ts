import { axis, gridLines } from './axis.ts';
import { byName } from './by-name.ts';
import { element } from './element.ts';
import type { PatRow } from './report.ts';
import { makeReachable, moveByKeys } from './row-keys.ts';
import { timeLine } from './time-line.ts';
import type { TimeScale } from './time-scale.ts';

export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  readonly compare: (a: Row, b: Row) => number;
  /** Of the first column: the words of the button that opens the details. */
  readonly text: (row: Row) => string;
  /** Second line, quieter. */
  readonly sub: (row: Row) => string | undefined;
}

/** The rows of a group stay hidden until it is opened. A row may belong to several. */
export interface Grouping<Row> {
  readonly groupsOf: (row: Row) => readonly string[];
  /** What there is to know while the group is closed. */
  readonly facts: (rows: readonly Row[]) => string;
}

export interface TableContents<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly [TableColumn<Row>, ...TableColumn<Row>[]];
  readonly scale: TimeScale;
  /** The column by which the rows are ordered at first. */
  readonly orderedBy: string;
  /** So many rows are drawn at first, and so many more when the reader has come to the end of them. */
  readonly atOnce: number;
  readonly detailsOf: (row: Row) => HTMLElement;
  /** Called after the reader chose another order, with its name. */
  readonly onOrder: (order: string) => void;
}

export interface PatTable<Row> {
  readonly element: HTMLElement;
  /** Shows the rows that `wanted` accepts, in the reader's order, and gives them. */
  readonly filter: (wanted: (row: Row) => boolean) => readonly Row[];
  readonly group: (grouping: Grouping<Row> | undefined) => void;
}

interface Drawn {
  /** The row, and the row of its details while these are open. */
  readonly elements: HTMLTableRowElement[];
  readonly opener: HTMLButtonElement;
}

type Line<Row> =
  | { readonly kind: 'group'; readonly name: string; readonly rows: readonly Row[] }
  | { readonly kind: 'row'; readonly row: Row; readonly group: string };

/** Each row is drawn once, when it is first seen; sorting and filtering only move it. */
export function patTable<Row extends PatRow>(contents: TableContents<Row>): PatTable<Row> {
  const { rows, columns, scale, atOnce } = contents;
  const body = element('tbody', { role: 'rowgroup' });
  const more = element('button', { type: 'button', class: 'button more' });
  let drawn = new Map<string, Map<Row, Drawn>>();
  let order = { id: contents.orderedBy, isDescending: false };
  let shown: readonly Row[] = [];
  let grouping: Grouping<Row> | undefined;
  let open = new Set<string>();
  let lines: readonly Line<Row>[] = [];
  let count = 0;

  const draw = (line: Line<Row>): Drawn => {
    if (line.kind === 'group') return drawGroup(line);
    const inGroup = drawn.get(line.group) ?? new Map<Row, Drawn>();
    drawn.set(line.group, inGroup);
    const known = inGroup.get(line.row) ?? drawRow(line.row, contents);
    inGroup.set(line.row, known);
    return known;
  };
  const drawGroup = ({ name, rows: members }: Line<Row> & { readonly kind: 'group' }): Drawn => {
    const isOpen = open.has(name);
    const opener = element('button', {
      type: 'button',
      class: 'open',
      'aria-expanded': String(isOpen),
      tabindex: '-1',
    });
    opener.append(name);
    opener.addEventListener('click', () => {
      if (isOpen) open.delete(name);
      else open.add(name);
      arrange(count + atOnce);
      const again = [...body.querySelectorAll<HTMLButtonElement>('.group .open')];
      const same = again.find(({ textContent }) => textContent === name);
      makeReachable(body, same);
      same?.focus();
    });
    const heading = element(
      'th',
      { scope: 'rowgroup', role: 'rowheader' },
      opener,
      sub(grouping?.facts(members) ?? ''),
    );
    return { elements: [element('tr', { role: 'row', class: 'group' }, heading)], opener };
  };
  /** Puts the first lines into the document, and the rest behind a button. */
  const arrange = (atLeast: number): void => {
    lines = linesOf(shown, grouping, open);
    count = Math.min(lines.length, Math.max(atOnce, atLeast));
    const first = lines.slice(0, count).map(draw);
    body.replaceChildren(...first.flatMap(({ elements }) => elements));
    makeReachable(body, first[0]?.opener);
    offerMore();
  };
  const offerMore = () => {
    const left = lines.length - count;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(left, atOnce)} more of ${left}`;
  };
  const drawMore = () => {
    const next = lines.slice(count, count + atOnce).map(draw);
    count += next.length;
    body.append(...next.flatMap(({ elements }) => elements));
    offerMore();
  };
  const sorted = (): readonly Row[] => {
    const compare = columns.find(({ id }) => id === order.id)?.compare ?? columns[0].compare;
    const list = shown.slice().sort(compare);
    return order.isDescending ? list.reverse() : list;
  };

  const headers = columns.map(({ id, title }) => {
    const button = element('button', { type: 'button', class: 'sort' }, title);
    const header = element('th', { scope: 'col', role: 'columnheader', class: id }, button);
    button.addEventListener('click', () => {
      order = { id, isDescending: order.id === id && !order.isDescending };
      tellOrder();
      shown = sorted();
      arrange(0);
      contents.onOrder(`${title}, ${order.isDescending ? 'descending' : 'ascending'}`);
    });
    return { id, header };
  });
  const tellOrder = () => {
    for (const { id, header } of headers) {
      const direction = order.isDescending ? 'descending' : 'ascending';
      header.setAttribute('aria-sort', order.id === id ? direction : 'none');
    }
  };
  tellOrder();
  moveByKeys(body, drawMore);
  more.addEventListener('click', () => {
    const last = body.querySelectorAll('.open').length - 1;
    drawMore();
    // Who came by keyboard goes on from the first of the new rows.
    const openers = [...body.querySelectorAll<HTMLButtonElement>('.open')];
    const next = openers[last + 1];
    makeReachable(body, next);
    next?.focus();
  });
  // Who scrolls does not need the button.
  new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting) && !more.hidden) drawMore();
  }).observe(more);

  const table = element(
    'table',
    {
      // Rows are laid out as grids, each for itself and only while it is seen; that costs them the roles of a table.
      role: 'table',
      'aria-label': 'Personal access tokens; a row’s button opens its details, the arrow keys move from row to row.',
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
    element: element('div', { class: 'scroll' }, table, more),
    filter: (wanted) => {
      shown = rows.filter(wanted);
      shown = sorted();
      arrange(0);
      return shown;
    },
    group: (chosen) => {
      grouping = chosen;
      open = new Set();
      drawn = new Map();
      arrange(0);
    },
  };
}

function linesOf<Row>(
  rows: readonly Row[],
  grouping: Grouping<Row> | undefined,
  open: ReadonlySet<string>,
): readonly Line<Row>[] {
  if (grouping === undefined) return rows.map((row) => ({ kind: 'row', row, group: '' }));
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    for (const name of grouping.groupsOf(row)) {
      const members = groups.get(name);
      if (members === undefined) groups.set(name, [row]);
      else members.push(row);
    }
  }
  return [...groups]
    .sort(([a], [b]) => byName(a, b))
    .flatMap(([name, members]): readonly Line<Row>[] => [
      { kind: 'group', name, rows: members },
      ...(open.has(name) ? members.map((row): Line<Row> => ({ kind: 'row', row, group: name })) : []),
    ]);
}

let ids = 0;

function drawRow<Row extends PatRow>(row: Row, { columns, scale, detailsOf }: TableContents<Row>): Drawn {
  const [first, ...others] = columns;
  const opener = element('button', { type: 'button', class: 'open', 'aria-expanded': 'false', tabindex: '-1' });
  opener.append(first.text(row));
  const line = element(
    'tr',
    { role: 'row', class: row.pat.matter.replace(' ', '-') },
    element('th', { scope: 'row', role: 'rowheader', class: first.id }, opener, sub(first.sub(row))),
    ...others.map((column) =>
      element(
        'td',
        { role: 'cell', class: column.id },
        element('div', { class: 'text' }, column.text(row)),
        sub(column.sub(row)),
      ),
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
      element('td', { role: 'cell', 'aria-colspan': String(columns.length + 1) }, detailsOf(row)),
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
