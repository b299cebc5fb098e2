import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { faults } from '../invariants/faults.ts';

describe('The page on how it works', () => {
  const page = readFileSync('docs/how-it-works.md', 'utf8');

  it('names every fault that is planted, and what catches it', () => {
    const rows = [...page.matchAll(/^\| planted fault .*\n\|[-|]+\n((?:\|.*\n)+)/gm)].flatMap(([, table = '']) =>
      table.trimEnd().split('\n'),
    );
    assert.deepEqual(
      rows,
      faults.map(({ name, caughtBy }) => `| ${name} | ${caughtBy.join(', ')} |`),
    );
  });

  it('says no more stories than are played', () => {
    const [, stories] = /more than ([\d,]+) stories/.exec(page) ?? [];
    const played = (file: string, count: RegExp) => Number(count.exec(readFileSync(file, 'utf8'))?.[1]);

    assert.ok(played('tests/invariants/invariants.test.ts', /stories = (\d+)/) >= Number(stories?.replace(',', '')));
  });
});
