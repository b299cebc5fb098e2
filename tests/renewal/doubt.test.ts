import assert from 'node:assert/strict';
import { doubtful, idOf, isSettled, namedByOwn, unexplained } from '../../src/renewal/doubt.ts';
import { hour } from '../../src/renewal/instant.ts';
import { type Pat, validity } from '../../src/renewal/pat.ts';
import {
  copied,
  delivered,
  evidence,
  familyOf,
  familyWith,
  foreign,
  hoursAgo,
  memberNamed,
  now,
  owner,
  pat,
  unrecorded,
} from './examples.ts';

describe('a PAT is settled', () => {
  const cases = [
    { name: 'not 1 ms before it is 12 hours old', age: 12 * hour - 1, expected: false },
    { name: 'not at 12 hours', age: 12 * hour, expected: false },
    { name: '1 ms later', age: 12 * hour + 1, expected: true },
  ];
  for (const { name, age, expected } of cases) {
    it(name, () => {
      const family = familyOf(pat('a', { validFrom: now - age }));
      assert.equal(isSettled(memberNamed(family, 'a'), now), expected);
    });
  }
});

describe('there is doubt which PAT consumers read', () => {
  const current = pat('current', { validFrom: hoursAgo(100) });
  const doubted = (other: Pat, named: readonly string[] = ['current']) => {
    const family = familyOf(current, other);
    return doubtful(family, memberNamed(family, 'current'), new Set(named), now).map(idOf);
  };
  const other = (overrides: Partial<Pat> = {}) => pat('other', { validFrom: hoursAgo(99), ...overrides });

  const ages = [
    { name: 'younger than the recorded one', validFrom: current.validFrom + 1, expected: ['other'] },
    { name: 'as young as the recorded one', validFrom: current.validFrom, expected: ['other'] },
    { name: '1 ms older than the recorded one: none', validFrom: current.validFrom - 1, expected: [] },
    { name: '1 ms past 12 hours old', validFrom: now - 12 * hour - 1, expected: ['other'] },
    { name: '12 hours old: none, its run may still be going', validFrom: now - 12 * hour, expected: [] },
    { name: '1 ms short of 12 hours old: none', validFrom: now - 12 * hour + 1, expected: [] },
  ];
  for (const { name, validFrom, expected } of ages) {
    it(`where no entry names one that is ${name}`, () => assert.deepEqual(doubted(other({ validFrom })), expected));
  }

  it('not where a delivery names it: the log says who came after whom', () => {
    assert.deepEqual(doubted(other(), ['current', 'other']), []);
  });

  it('whatever the case of ids', () => {
    assert.deepEqual(doubted(other({ authorizationId: 'OTHER' }), ['other']), []);
    assert.deepEqual(doubted(other({ authorizationId: 'OTHER' })), ['other']);
  });

  it('whatever marker its name carries', () => {
    assert.deepEqual(doubted(other({ displayName: 'Build feed (Renew PATs: new)' })), ['other']);
  });

  for (const [name, targets] of [
    ['all organizations', undefined],
    ['several organizations', ['contoso-id', 'fabrikam-id']],
  ] as const) {
    it(`not about one valid in ${name}: it is never revoked, whoever reads it`, () => {
      assert.deepEqual(doubted(other(validity(targets))), []);
    });
  }

  it('not about one that has expired', () => {
    const family = familyWith([current], [other()]);
    assert.deepEqual(doubtful(family, memberNamed(family, 'current'), new Set(), now), []);
  });

  it('and without a recorded PAT everything settled that no entry names is unexplained', () => {
    const family = familyOf(pat('a'), pat('b'), pat('young', { validFrom: hoursAgo(12) }));
    assert.deepEqual(unexplained(family, undefined, new Set(['b']), now).map(idOf), ['a']);
  });
});

describe('a delivery explains a PAT', () => {
  const none = () => false;
  const cases = [
    { name: 'if it is the task’s own', log: [delivered('v1', 'a', hoursAgo(9))], expected: ['a'] },
    {
      name: 'if it is not served any more',
      log: [delivered('v1', 'a', hoursAgo(9), { isServed: false })],
      expected: ['a'],
    },
    { name: 'not if its claim was copied by hand', log: [copied('v1', 'a', hoursAgo(9))], expected: [] },
    { name: 'not if another account made it', log: [foreign('v1', 'a', hoursAgo(9))], expected: [] },
    { name: 'not if it claims nothing', log: [unrecorded('v1', hoursAgo(9))], expected: [] },
  ];
  for (const { name, log, expected } of cases) {
    it(name, () => assert.deepEqual([...namedByOwn(evidence(log), owner, none)], expected));
  }

  it('under the organization’s old name, if this organization lists the PAT', () => {
    const log = [foreign('v1', 'a', hoursAgo(9), { organization: 'contoso-before' })];
    assert.deepEqual([...namedByOwn(evidence(log), owner, none)], []);
    assert.deepEqual([...namedByOwn(evidence(log), owner, (id) => id === 'a')], ['a']);
  });
});
