import assert from 'node:assert/strict';
import { entriesToDiscard, type NamedState } from '../../src/renewal/discard.ts';
import type { Log } from '../../src/renewal/log.ts';
import { copied, delivered, familyOf, foreign, hoursAgo, memberNamed, owner, pat, unrecorded } from './examples.ts';

const alone = familyOf(pat('current'));
const withAnother = familyOf(pat('current'), pat('other'));

const discarded = (
  log: Log,
  states: Record<string, NamedState> = {},
  family = alone,
  isListed: (id: string) => boolean = () => false,
) =>
  entriesToDiscard(
    { family, owner, log, current: memberNamed(family, 'current') },
    isListed,
    (id) => states[id] ?? 'unknown',
  );

const last = delivered('v9', 'current', hoursAgo(1));

describe('an entry is discarded', () => {
  it('that names a revoked PAT', () => {
    assert.deepEqual(discarded([delivered('v1', 'old', hoursAgo(90)), last], { old: 'revoked' }), ['v1']);
  });

  it('that names a revoked PAT, also while another of the family is active', () => {
    assert.deepEqual(discarded([delivered('v1', 'old', hoursAgo(90)), last], { old: 'revoked' }, withAnother), ['v1']);
  });

  it('each of them, where several name revoked PATs', () => {
    const log = [delivered('v1', 'a', hoursAgo(90)), delivered('v2', 'b', hoursAgo(80)), last];
    assert.deepEqual(discarded(log, { a: 'revoked', b: 'revoked' }), ['v1', 'v2']);
  });

  it('that claims nothing and stands right before the task’s first, once the family has no other active member', () => {
    const log = [unrecorded('v1', hoursAgo(90)), unrecorded('v2', hoursAgo(80)), last];
    assert.deepEqual(discarded(log), ['v2']);
    assert.deepEqual(discarded(log, {}, withAnother), []);
  });

  it('that claims nothing, not while a PAT valid in several organizations is active: that may be its value', () => {
    const log = [unrecorded('v1', hoursAgo(90)), last];
    assert.deepEqual(discarded(log, {}, familyOf(pat('current'), pat('shared', { isGlobal: true }))), []);
  });
});

describe('an entry is left alone', () => {
  for (const state of ['active', 'expired', 'unknown'] as const) {
    it(`that names a PAT whose state is: ${state}`, () => {
      assert.deepEqual(discarded([delivered('v1', 'old', hoursAgo(90)), last], { old: state }), []);
    });
  }

  const cases: readonly { name: string; log: Log }[] = [
    { name: 'that is not served any more', log: [delivered('v1', 'old', hoursAgo(90), { isServed: false }), last] },
    {
      name: 'that claims nothing and stands first, but is not served any more',
      log: [unrecorded('v1', hoursAgo(90), { isServed: false }), last],
    },
    {
      name: 'that a person stored between two of the task’s',
      log: [delivered('v1', 'x', hoursAgo(90)), unrecorded('v2', hoursAgo(80)), last],
    },
    {
      name: 'that a person stored on top',
      log: [delivered('v1', 'x', hoursAgo(90)), unrecorded('v2', hoursAgo(80))],
    },
    {
      name: 'whose claim was copied by hand: whose value it holds is not known',
      log: [copied('v1', 'old', hoursAgo(90)), last],
    },
    { name: 'where the task delivered none', log: [unrecorded('v1', hoursAgo(90))] },
    { name: 'in a place that was never filled', log: [] },
  ];
  for (const { name, log } of cases) it(name, () => assert.deepEqual(discarded(log, { old: 'revoked' }), []));

  it('that is the newest, even if its PAT is revoked: consumers read it', () => {
    assert.deepEqual(discarded([delivered('v1', 'old', hoursAgo(90))], { old: 'revoked' }), []);
  });

  for (const other of [{ account: 'other' }, { organization: 'fabrikam' }]) {
    it(`that another ${Object.keys(other).join()} delivered`, () => {
      const log = [foreign('v1', 'old', hoursAgo(90), other), last];
      assert.deepEqual(discarded(log, { old: 'revoked' }), []);
    });
  }

  it('except where the organization was renamed, and lists the PAT', () => {
    const log = [foreign('v1', 'old', hoursAgo(90), { organization: 'contoso-before' }), last];
    assert.deepEqual(
      discarded(log, { old: 'revoked' }, alone, (id) => id === 'old'),
      ['v1'],
    );
  });
});
