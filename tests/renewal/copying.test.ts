import assert from 'node:assert/strict';
import { mayBeInCopy } from '../../src/renewal/copying.ts';
import { hour } from '../../src/renewal/instant.ts';
import type { Log } from '../../src/renewal/log.ts';
import { copied, delivered, evidence, familyOf, holdingMember, hoursAgo, now, pat, unrecorded } from './examples.ts';

const family = familyOf(pat('old'), pat('current'));
const source = holdingMember(family, 'current', [delivered('v1', 'current', hoursAgo(60))]);
const holding = (id: string, log: Log) => ({ evidence: holdingMember(family, id, log), now });
const since = (at: number) => holding('current', [delivered('w1', 'current', at)]);

describe('what the source holds may be on its way to a follower', () => {
  const cases = [
    { name: 'not where there is none', followers: [], expected: false },
    {
      name: 'not where each has held it for more than 12 hours',
      followers: [since(now - 12 * hour - 1)],
      expected: false,
    },
    { name: 'where one was given it 12 hours ago', followers: [since(now - 12 * hour)], expected: true },
    { name: 'where one of several was', followers: [since(hoursAgo(60)), since(hoursAgo(1))], expected: true },
    {
      name: 'where one holds an older PAT',
      followers: [holding('old', [delivered('w1', 'old', hoursAgo(900))])],
      expected: true,
    },
    {
      name: 'where one holds a copy of its record, made by hand',
      followers: [holding('current', [copied('w1', 'current', hoursAgo(60))])],
      expected: true,
    },
    { name: 'where one holds nothing yet', followers: [{ evidence: evidence([]), now }], expected: true },
  ];
  for (const { name, followers, expected } of cases) {
    it(name, () => assert.equal(mayBeInCopy(source, followers), expected));
  }

  it('where somebody’s value lies on top of the source: nobody knows what it held a moment ago', () => {
    const covered = evidence([delivered('v1', 'current', hoursAgo(60)), unrecorded('v2', hoursAgo(1))]);
    assert.equal(mayBeInCopy(covered, [since(hoursAgo(60))]), true);
  });

  it('not where nothing was ever delivered to the source: nothing can have been copied from there', () => {
    assert.equal(mayBeInCopy(evidence([]), [{ evidence: evidence([]), now }]), false);
    assert.equal(mayBeInCopy(evidence([unrecorded('v1', hoursAgo(900))]), [{ evidence: evidence([]), now }]), false);
  });
});
