import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pages } from './pages.ts';

/** Groups of lines that begin with `|`, outside of code. */
function tables(page: string): readonly (readonly string[])[] {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/(?:^\|.*\n?)+/gm)].map(([table]) => table.trimEnd().split('\n'));
}

/** What stands between the bars: one that is escaped, or in code, is no bar. */
const cells = (row: string): number =>
  row
    .replace(/`[^`]*`/g, '')
    .replaceAll('\\|', '')
    .split('|').length - 2;

describe('A table', () => {
  for (const page of pages()) {
    it(`of ${page} has a head, and as many cells in each row`, () => {
      for (const [head = '', rule = '', ...rows] of tables(page)) {
        assert.match(rule, /^\|(?: *:?-+:? *\|)+$/, `after ${head}`);
        for (const row of [rule, ...rows]) assert.equal(cells(row), cells(head), row);
      }
    });
  }
});
