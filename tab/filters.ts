import { element } from './element.ts';
import { matters, type PatRow } from './report.ts';
import { searchFor } from './search.ts';

type Names = Readonly<Record<(typeof matters)[number], string>>;

const usualNames: Names = {
  failed: 'Failed',
  expired: 'Expired',
  'ends soon': 'Ends soon',
  changed: 'Changed',
  leaving: 'Superseded',
  left: 'Left alone',
  'in use': 'In use',
  history: 'Expired before',
};

/** What one may be looking for: words, and what the PATs are about. */
export interface Filters {
  readonly search: HTMLInputElement;
  readonly buttons: HTMLElement;
  readonly accepts: () => (row: PatRow) => boolean;
}

/**
 * @param searched the fields in which words are looked for, for the reader
 * @param onChange called whenever the reader chose anew
 * @param own names of matters that the page calls otherwise
 */
export function filters(
  rows: readonly PatRow[],
  searched: string,
  onChange: () => void,
  own: Partial<Names> = {},
): Filters {
  const names = { ...usualNames, ...own };
  const search = element('input', {
    type: 'search',
    class: 'search',
    placeholder: searched.charAt(0).toUpperCase() + searched.slice(1),
    'aria-label': `Filter by ${searched}`,
  });
  search.addEventListener('input', onChange);
  const buttons = element('div', { class: 'filters', role: 'group', 'aria-label': 'Show only' });
  let matter: string | undefined;
  const tell = () => {
    for (const button of buttons.querySelectorAll('button'))
      button.setAttribute('aria-pressed', String((button.dataset.matter ?? '') === (matter ?? '')));
  };
  const counts = new Map<string, number>();
  for (const { pat } of rows) counts.set(pat.matter, (counts.get(pat.matter) ?? 0) + 1);
  for (const name of [undefined, ...matters]) {
    const count = name === undefined ? rows.length : counts.get(name);
    if (count === undefined) continue;
    const label = `${name === undefined ? 'All' : names[name]} ${count}`;
    const button = element('button', { type: 'button', class: 'filter', 'data-matter': name ?? '' }, label);
    button.addEventListener('click', () => {
      matter = name;
      tell();
      onChange();
    });
    buttons.append(button);
  }
  tell();
  return {
    search,
    buttons,
    accepts: () => {
      const isFound = searchFor(rows, search.value);
      return (row) => (matter === undefined || row.pat.matter === matter) && isFound(row);
    },
  };
}
