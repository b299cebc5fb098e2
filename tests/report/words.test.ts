import assert from 'node:assert/strict';
import { day } from '../../src/renewal/instant.ts';
import type { Action, EntryOutcome, PatEntry } from '../../src/report/run-report.ts';
import { deed, isInUse, leavesAt, type Matter, matterOf } from '../../src/report/words.ts';
import { entry, now } from './example-report.ts';

const given = (action: Action, outcome: EntryOutcome, rest: Partial<PatEntry> = {}) =>
  entry({ displayName: 'Deploy', action, outcome, ...rest });
const marked = { displayName: 'Deploy (Renew PATs: revoke after 2026-11-25T04:00:00Z)' };

describe('what was done about a PAT, in a word or two', () => {
  const cases: readonly { entry: PatEntry; expected: string }[] = [
    { entry: given('extend', 'done'), expected: 'extended' },
    { entry: given('extend', 'planned'), expected: 'would extend' },
    { entry: given('extend', 'skipped'), expected: 'not extended' },
    { entry: given('extend', 'failed'), expected: 'FAILED' },
    { entry: given('replace', 'done'), expected: 'replaced' },
    { entry: given('replace', 'planned'), expected: 'would replace' },
    {
      entry: { ...given('none', 'done'), displayName: 'Deploy (Renew PATs: new)' },
      expected: 'not confirmed',
    },
    { entry: given('replace', 'failed'), expected: 'FAILED' },
    { entry: given('revoke', 'done'), expected: 'revoked' },
    { entry: given('revoke', 'planned'), expected: 'would revoke' },
    { entry: given('revoke', 'skipped'), expected: 'left alone' },
    { entry: given('skip', 'skipped'), expected: 'left alone' },
    { entry: given('skip', 'skipped', { validTo: now }), expected: 'expired' },
    { entry: given('none', 'done'), expected: 'in use' },
    { entry: given('none', 'done', { validTo: now }), expected: 'expired' },
    { entry: given('none', 'done', { message: 'Left: …' }), expected: 'left alone' },
    { entry: given('none', 'done', { revokeAfter: now + day }), expected: 'superseded' },
    { entry: given('none', 'done', marked), expected: 'superseded' },
  ];
  for (const { entry: item, expected } of cases) {
    const { action, outcome, message, revokeAfter, displayName } = item;
    const details = [
      action,
      outcome,
      displayName,
      message,
      revokeAfter && 'with a date',
      item.validTo <= now && 'ended',
    ];
    it(`is "${expected}": ${details.filter(Boolean).join(', ')}`, () => assert.equal(deed(item, now), expected));
  }
});

describe('what a PAT’s line is about', () => {
  const cases: readonly { name: string; entry: PatEntry; expected: Matter }[] = [
    { name: 'a failure before anything else', entry: given('replace', 'failed', { validTo: now }), expected: 'failed' },
    {
      name: 'an end 1 ms after warnDays: nothing special',
      entry: given('none', 'done', { validTo: now + 14 * day + 1 }),
      expected: 'in use',
    },
    {
      name: 'an end in exactly warnDays is near',
      entry: given('none', 'done', { validTo: now + 14 * day }),
      expected: 'ends soon',
    },
    {
      name: 'an end within warnDays is near',
      entry: given('skip', 'skipped', { validTo: now + 14 * day - 1 }),
      expected: 'ends soon',
    },
    { name: 'an end 1 ms away is near', entry: given('none', 'done', { validTo: now + 1 }), expected: 'ends soon' },
    {
      name: 'an end that has come, and is told of, needs attention',
      entry: given('skip', 'skipped', { validTo: now }),
      expected: 'expired',
    },
    {
      name: 'an end that came before an active PAT of that name is history',
      entry: given('none', 'done', { validTo: now }),
      expected: 'history',
    },
    { name: 'a change', entry: given('extend', 'planned'), expected: 'changed' },
    {
      name: 'a revocation, also of a PAT that has ended meanwhile',
      entry: given('revoke', 'done', { validTo: now }),
      expected: 'changed',
    },
    { name: 'a revocation that was left', entry: given('revoke', 'skipped'), expected: 'left' },
    {
      name: 'a PAT that waits for its revocation, however near its end is',
      entry: given('none', 'done', { revokeAfter: now, validTo: now + 1 }),
      expected: 'leaving',
    },
    { name: 'a PAT that is left for a reason', entry: given('none', 'done', { message: 'Left: …' }), expected: 'left' },
  ];
  for (const { name, entry: item, expected } of cases) {
    it(`is ${name}`, () => assert.equal(matterOf(item, now, 14), expected));
  }
});

describe('a PAT', () => {
  it('leaves at the date in the report, or else that in its name', () => {
    assert.equal(leavesAt(given('none', 'done', { revokeAfter: now + 1 })), now + 1);
    assert.equal(leavesAt(given('none', 'done', marked)), Date.parse('2026-11-25T04:00:00Z'));
    assert.equal(leavesAt(given('none', 'done')), undefined);
    assert.equal(leavesAt(given('replace', 'done', { revokeAfter: now + 1 })), undefined);
  });

  it('is in use unless it has ended, leaves, or is revoked', () => {
    assert.ok(isInUse(given('none', 'done', { validTo: now + 1 }), now));
    assert.ok(!isInUse(given('none', 'done', { validTo: now }), now));
    assert.ok(!isInUse(given('none', 'done', marked), now));
    assert.ok(!isInUse(given('revoke', 'done'), now));
  });
});
