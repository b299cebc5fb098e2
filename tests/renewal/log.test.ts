import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hour } from '../../src/renewal/instant.ts';
import { isNewer } from '../../src/renewal/log.ts';
import { hoursAgo, now, unrecorded } from './examples.ts';

describe('an entry is newer', () => {
  const a = unrecorded('a', hoursAgo(2));
  const b = unrecorded('b', hoursAgo(1));
  const c = unrecorded('c', hoursAgo(1));
  const d = unrecorded('d', hoursAgo(1));
  const log = [a, b, c, d];

  it('than one of an earlier time', () => {
    assert.ok(isNewer(log, b, a));
    assert.ok(!isNewer(log, a, b));
  });

  it('not than one of the same time', () => {
    assert.ok(!isNewer(log, b, c));
    assert.ok(!isNewer(log, c, b));
  });

  it('than one of the same time if it is the newest: that counts as newer than all others', () => {
    for (const other of [a, b, c]) {
      assert.ok(isNewer(log, d, other));
      assert.ok(!isNewer(log, other, d));
    }
  });

  it('never than itself', () => assert.ok(!isNewer(log, d, d)));

  it('never both ways, in any log, and the newest is newer than all others', () => {
    const logs = fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 })
      .map((ages) => [...ages].sort().map((age, index) => unrecorded(`v${index}`, now + age * hour)));
    fc.assert(
      fc.property(logs, (any) => {
        const newest = any.at(-1);
        for (const one of any) {
          assert.ok(newest !== undefined && isNewer(any, newest, one) === (one !== newest));
          for (const other of any) assert.ok(!(isNewer(any, one, other) && isNewer(any, other, one)));
        }
      }),
    );
  });
});
