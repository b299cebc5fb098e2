import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { faults } from '../invariants/faults.ts';
import { placeMutations } from '../invariants/places/place-mutations.ts';

describe('The page on how it works', () => {
  const page = readFileSync('docs/how-it-works.md', 'utf8');

  it('names every fault that is planted, and what catches it', () => {
    const rows = [...page.matchAll(/^\| planted fault .*\n\|[-|]+\n((?:\|.*\n)+)/gm)].flatMap(([, table = '']) =>
      table.trimEnd().split('\n'),
    );
    const planted = [...faults, ...placeMutations];
    assert.deepEqual(
      rows,
      planted.map(({ name, caughtBy }) => `| ${name} | ${caughtBy.join(', ')} |`),
    );
  });

  it('says no more stories than are played', () => {
    const [, stories] = /more than ([\d,]+) stories/.exec(page) ?? [];
    const [, atPlaces] = /(\d+) of these places/.exec(page) ?? [];
    const played = (file: string, count: RegExp) => Number(count.exec(readFileSync(file, 'utf8'))?.[1]);

    assert.ok(played('tests/invariants/invariants.test.ts', /stories = (\d+)/) >= Number(stories?.replace(',', '')));
    assert.equal(played('tests/invariants/places/places.test.ts', /PLACE_STORIES \?\? (\d+)/), Number(atPlaces));
  });
});
