import assert from 'node:assert/strict';
import fc from 'fast-check';
import { deliveryTags } from '../../../src/destinations/key-vault/tags.ts';
import { isNewestTied, logOf, orderVersions } from '../../../src/destinations/key-vault/versions.ts';
import { hour, minute } from '../../../src/renewal/instant.ts';
import { isNewer } from '../../../src/renewal/log.ts';
import { hoursAgo, inHours, now, owner } from '../../renewal/examples.ts';
import { copiedTags, tagged, untagged } from './examples.ts';

const delivery = { authorizationId: 'pat-1', ...owner, displayName: 'Build feed', deliveredAt: now };
const claim = { authorizationId: 'pat-1', ...owner, displayName: 'Build feed', at: now };
const tags = deliveryTags(delivery);

describe('a version is the task’s delivery', () => {
  const version = (created: number, changed: Record<string, string | undefined> = {}) => {
    const kept = Object.entries({ ...tags, ...changed }).filter(([, value]) => value !== undefined);
    return untagged('v1', created, { tags: Object.fromEntries(kept) as Record<string, string> });
  };
  const isProven = (...given: Parameters<typeof version>) => logOf([version(...given)])[0]?.isProven;

  it('when it says which PAT it holds, whose, and when it was delivered', () => {
    assert.deepEqual(logOf([version(now)]), [{ key: 'v1', at: now, isServed: true, claim, isProven: true }]);
  });

  it('whatever the case of the PAT’s id', () => {
    const [entry] = logOf([version(now, { 'renewPats-authorizationId': 'PAT-1' })]);
    assert.ok(entry?.isProven && entry.claim?.authorizationId === 'pat-1');
  });

  const apart = [
    { name: '1 ms less than 30 minutes', distance: 30 * minute - 1, expected: true },
    { name: '30 minutes', distance: 30 * minute, expected: true },
    { name: '1 ms more than 30 minutes', distance: 30 * minute + 1, expected: false },
  ];
  for (const { name, distance, expected } of apart) {
    it(`${expected ? 'if' : 'not if'} deliveredAt and its own time are ${name} apart`, () => {
      assert.equal(isProven(now + distance), expected);
      assert.equal(isProven(now - distance), expected);
    });
  }

  const missing = ['renewPats-authorizationId', 'renewPats-account', 'renewPats-organization', 'renewPats-deliveredAt'];
  for (const name of missing) {
    it(`not without the tag ${name}`, () => assert.equal(isProven(now, { [name]: undefined }), false));
  }

  it('not if deliveredAt is no date', () =>
    assert.equal(isProven(now, { 'renewPats-deliveredAt': 'yesterday' }), false));

  it('also while it is disabled, but then nobody is served by it', () => {
    assert.deepEqual(logOf([tagged('v1', 'pat-1', now, { enabled: false })]), [
      { key: 'v1', at: now, isServed: false, claim, isProven: true },
    ]);
  });

  it('of two with the same PAT and the same deliveredAt only the older one: the other’s tags were copied by hand', () => {
    const original = tagged('v1', 'pat-1', now);
    const copy = { ...original, id: 'v2', created: now + minute };
    const proven = (...versions: readonly (typeof original)[]) =>
      logOf(versions)
        .filter((entry) => entry.isProven)
        .map(({ key }) => key);
    assert.deepEqual(proven(original, copy), ['v1']);
    assert.deepEqual(proven(original, copy, tagged('v3', 'pat-2', now + hour)), ['v1', 'v3']);
    assert.deepEqual(proven({ ...original, enabled: false }, copy), ['v1'], 'also once the older one is disabled');
    assert.deepEqual(
      proven(copiedTags('v0', 'pat-1', now), { ...copy, tags: copiedTags('v0', 'pat-1', now).tags }),
      [],
    );
  });

  it('of two with the same PAT and another deliveredAt both: it was delivered twice', () => {
    const log = logOf([tagged('v1', 'pat-1', now), tagged('v2', 'pat-1', now + 1000)]);
    assert.ok(log.every((entry) => entry.isProven));
  });
});

describe('a version is no delivery', () => {
  it('if its tags were copied by hand onto a value of another time; they claim all the same', () => {
    const [entry] = logOf([copiedTags('v2', 'pat-1', now)]);
    assert.ok(entry?.isProven === false && entry.claim?.authorizationId === 'pat-1');
  });

  it('if the task did not write it', () => {
    assert.deepEqual(logOf([untagged('v2', now)]), [
      { key: 'v2', at: now, isServed: true, claim: undefined, isProven: false },
    ]);
  });
});

describe('the order of versions', () => {
  const first = untagged('first', hoursAgo(2));
  const left = untagged('left', now);
  const right = untagged('right', now);

  it('is that of their times', () => {
    assert.deepEqual(orderVersions([left, first]), [first, left]);
  });

  for (const [newest, expected] of [
    ['left', [first, right, left]],
    ['right', [first, left, right]],
  ] as const) {
    it(`ends with what a read of the secret returns where the latest tie: ${newest}`, () => {
      assert.deepEqual(orderVersions([left, right, first], newest), expected);
      assert.deepEqual(orderVersions([first, right, left], newest), expected);
    });
  }

  it('leaves the versions that it was given as they were', () => {
    const given = [left, first];
    orderVersions(given);
    assert.deepEqual(given, [left, first]);
  });

  const ties = [
    { name: 'none', versions: [], expected: false },
    { name: 'one', versions: [left], expected: false },
    { name: 'two of different times', versions: [first, left], expected: false },
    { name: 'two of the latest time', versions: [first, left, right], expected: true },
    { name: 'a tie further back', versions: [left, right, untagged('last', inHours(1))], expected: false },
  ];
  for (const { name, versions, expected } of ties) {
    it(`${expected ? 'does not tell' : 'tells'} which is the newest of ${name}`, () => {
      assert.equal(isNewestTied(versions), expected);
    });
  }
});

describe('the versions of any secret', () => {
  const histories = fc
    .array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 })
    .map((hours) => hours.map((hoursLater, index) => untagged(`v${index}`, now + hoursLater * hour)));
  const withNewest = histories.chain((versions) => {
    const latest = Math.max(...versions.map((version) => version.created));
    const candidates = versions.filter((version) => version.created === latest);
    return fc.tuple(fc.shuffledSubarray(versions, { minLength: versions.length }), fc.constantFrom(...candidates));
  });

  it('end with the one that a read returns, in whatever order they are listed', () => {
    fc.assert(
      fc.property(withNewest, ([versions, newest]) => {
        const ordered = orderVersions(versions, newest.id);
        assert.equal(ordered.at(-1), newest);
        assert.deepEqual(new Set(ordered), new Set(versions));
      }),
    );
  });

  it('make a log in which the newest is newer than all others, and no two are newer than one another', () => {
    fc.assert(
      fc.property(withNewest, ([versions, newest]) => {
        const log = logOf(orderVersions(versions, newest.id));
        for (const a of log) {
          const last = log.at(-1);
          assert.ok(last !== undefined && isNewer(log, last, a) === (a.key !== newest.id));
          for (const b of log) assert.ok(!(isNewer(log, a, b) && isNewer(log, b, a)));
        }
      }),
    );
  });
});
