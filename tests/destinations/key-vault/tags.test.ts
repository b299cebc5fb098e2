import assert from 'node:assert/strict';
import fc from 'fast-check';
import { claimOf, deliveryTags, personalTags, personalTagsAtMost } from '../../../src/destinations/key-vault/tags.ts';
import { at, now, owner } from '../../renewal/examples.ts';
import { untagged } from './examples.ts';

const delivery = { authorizationId: 'pat-1', ...owner, displayName: 'Build feed', deliveredAt: now };
const tags = deliveryTags(delivery);

describe('the tags of a delivery', () => {
  it('say which PAT it is, whose, and when it was delivered', () => {
    assert.deepEqual(deliveryTags({ ...delivery, deliveredAt: at('2026-11-25T04:00:00.999Z') }), {
      'renewPats-authorizationId': 'pat-1',
      'renewPats-account': 'svc-account',
      'renewPats-organization': 'contoso',
      'renewPats-displayName': 'Build feed',
      'renewPats-deliveredAt': '2026-11-25T04:00:00Z',
    });
  });

  it('are not a person’s; all others are', () => {
    const version = untagged('v1', now, { tags: { team: 'build', ...tags, 'renewPats-future': 'x' } });
    assert.deepEqual(personalTags(version), { team: 'build' });
    assert.deepEqual(personalTags(undefined), {});
  });

  it('leave room for ten of a person’s: Key Vault takes fifteen', () => {
    assert.equal(Object.keys(tags).length + personalTagsAtMost, 15);
  });

  it('claim nothing where they name no PAT', () => {
    assert.equal(claimOf(untagged('v1', now)), undefined);
    assert.equal(claimOf(untagged('v1', now, { tags: { 'renewPats-account': 'svc-account' } })), undefined);
  });

  it('claim a PAT whatever the case of its id', () => {
    const version = untagged('v1', now, { tags: { ...tags, 'renewPats-authorizationId': 'PAT-1' } });
    assert.equal(claimOf(version)?.authorizationId, 'pat-1');
  });
});

describe('the tags of any delivery', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 600, size: 'max' });

  it('are cut at 256 characters, and never in the middle of one', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '😀', 'é'), maxLength: 400, size: 'max' }), (displayName) => {
        const cut = deliveryTags({ ...delivery, displayName })['renewPats-displayName'] ?? '';
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
        const version = untagged('v1', now, {
          tags: deliveryTags({ ...delivery, account, organization, displayName }),
        });
        assert.deepEqual(claimOf(version), { authorizationId: 'pat-1', account, organization, displayName, at: now });
      }),
    );
  });

  it('have no value over 256 characters, whatever is put into them', () => {
    fc.assert(
      fc.property(anyText, anyText, (account, displayName) =>
        Object.values(deliveryTags({ ...delivery, account, displayName })).every((value) => value.length <= 256),
      ),
    );
  });
});
