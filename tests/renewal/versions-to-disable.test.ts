import assert from 'node:assert/strict';
import type { SecretVersion } from '../../src/renewal/record.ts';
import { type NamedState, versionsToDisable } from '../../src/renewal/retire.ts';
import { copiedTags, delivered, familyOf, hoursAgo, memberNamed, owner, pat, untagged } from './examples.ts';

const alone = familyOf(pat('current'));
const withAnother = familyOf(pat('current'), pat('other'));

const disabled = (history: readonly SecretVersion[], states: Record<string, NamedState> = {}, family = alone) =>
  versionsToDisable(
    { family, owner, history, current: memberNamed(family, 'current') },
    (id) => states[id] ?? 'unknown',
  );

const last = delivered('v9', 'current', hoursAgo(1));

describe('a version is disabled', () => {
  it('that names a revoked PAT', () => {
    assert.deepEqual(disabled([delivered('v1', 'old', hoursAgo(90)), last], { old: 'revoked' }), ['v1']);
  });

  it('that names a revoked PAT, also while another of the family is active', () => {
    assert.deepEqual(disabled([delivered('v1', 'old', hoursAgo(90)), last], { old: 'revoked' }, withAnother), ['v1']);
  });

  it('each of them, where several name revoked PATs', () => {
    const history = [delivered('v1', 'a', hoursAgo(90)), delivered('v2', 'b', hoursAgo(80)), last];
    assert.deepEqual(disabled(history, { a: 'revoked', b: 'revoked' }), ['v1', 'v2']);
  });

  it('that is the untagged one right before the task’s first, once the family has no other active member', () => {
    const history = [untagged('v1', hoursAgo(90)), untagged('v2', hoursAgo(80)), last];
    assert.deepEqual(disabled(history), ['v2']);
    assert.deepEqual(disabled(history, {}, withAnother), []);
  });
});

describe('a version is left alone', () => {
  for (const state of ['active', 'expired', 'unknown'] as const) {
    it(`that names a PAT whose state is: ${state}`, () => {
      assert.deepEqual(disabled([delivered('v1', 'old', hoursAgo(90)), last], { old: state }), []);
    });
  }

  const cases: readonly { name: string; history: readonly SecretVersion[] }[] = [
    { name: 'that is disabled already', history: [delivered('v1', 'old', hoursAgo(90), { enabled: false }), last] },
    {
      name: 'that is the untagged first one, disabled already',
      history: [untagged('v1', hoursAgo(90), { enabled: false }), last],
    },
    {
      name: 'that a person stored between two of the task’s',
      history: [delivered('v1', 'x', hoursAgo(90)), untagged('v2', hoursAgo(80)), last],
    },
    {
      name: 'that a person stored on top',
      history: [delivered('v1', 'x', hoursAgo(90)), untagged('v2', hoursAgo(80))],
    },
    {
      name: 'whose tags were copied by hand: whose value it holds is not known',
      history: [copiedTags('v1', 'old', hoursAgo(90)), last],
    },
    { name: 'where the task delivered none', history: [untagged('v1', hoursAgo(90))] },
    { name: 'in a secret without versions', history: [] },
  ];
  for (const { name, history } of cases) it(name, () => assert.deepEqual(disabled(history, { old: 'revoked' }), []));

  it('that is the newest, even if its PAT is revoked: consumers read it', () => {
    assert.deepEqual(disabled([delivered('v1', 'old', hoursAgo(90))], { old: 'revoked' }), []);
  });

  it('that another account or organization delivered', () => {
    const foreign = delivered('v1', 'old', hoursAgo(90));
    const history = [{ ...foreign, tags: { ...foreign.tags, 'renewPats-organization': 'fabrikam' } }, last];
    assert.deepEqual(disabled(history, { old: 'revoked' }), []);
  });
});
