import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hour } from '../../src/renewal/instant.ts';
import { deliveryTags, isNewer, orderVersions, readDelivery } from '../../src/renewal/record.ts';
import { now, untagged } from './examples.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 600, size: 'max' });

describe('the tags of any delivery', () => {
  it('are cut at 256 characters, and never in the middle of one', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '😀', 'é'), maxLength: 400, size: 'max' }), (displayName) => {
        const tags = deliveryTags({
          authorizationId: 'a',
          account: 'b',
          organization: 'c',
          displayName,
          deliveredAt: now,
        });
        const cut = tags['renewPats-displayName'] ?? '';
        assert.ok(cut.length <= 256 && displayName.startsWith(cut));
        assert.ok(cut === displayName || cut.length >= 255);
        assert.equal(Buffer.from(cut).toString(), cut);
      }),
    );
  });

  it('are read back as they were written', () => {
    const short = fc.string({ unit: 'binary', maxLength: 256 });
    fc.assert(
      fc.property(short, short, short, (account, organization, displayName) => {
        const delivery = { authorizationId: 'pat-1', account, organization, displayName, deliveredAt: now };
        const version = untagged('v1', now, { tags: deliveryTags(delivery) });
        assert.deepEqual(readDelivery(version), delivery);
      }),
    );
  });

  it('have no value over 256 characters, whatever is put into them', () => {
    fc.assert(
      fc.property(anyText, anyText, (account, displayName) => {
        const tags = deliveryTags({ authorizationId: 'a', account, organization: 'c', displayName, deliveredAt: now });
        return Object.values(tags).every((value) => value.length <= 256);
      }),
    );
  });
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
        const history = orderVersions(versions, newest.id);
        assert.equal(history.at(-1), newest);
        assert.deepEqual(new Set(history), new Set(versions));
      }),
    );
  });

  it('are never newer than one another both ways, and the newest is newer than all others', () => {
    fc.assert(
      fc.property(withNewest, ([versions, newest]) => {
        const history = orderVersions(versions, newest.id);
        for (const a of history) {
          assert.equal(isNewer(history, newest, a), a !== newest);
          for (const b of history) assert.ok(!(isNewer(history, a, b) && isNewer(history, b, a)));
        }
      }),
    );
  });
});
