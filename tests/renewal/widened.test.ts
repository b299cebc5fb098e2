import assert from 'node:assert/strict';
import { idOf } from '../../src/renewal/doubt.ts';
import { belongsTo } from '../../src/renewal/family.ts';
import { type Pat, validity } from '../../src/renewal/pat.ts';
import { isWidenedFrom, joined } from '../../src/renewal/widened.ts';
import { familyOf, familyWith, hoursAgo, memberNamed, pat } from './examples.ts';

const asked = 'vso.code vso.packaging';
const granted = 'vso.profile vso.packaging vso.code';
const recorded = pat('recorded', { scope: granted, validFrom: hoursAgo(60) });
const wider = familyOf(recorded);
const older = (overrides: Partial<Pat> = {}) => pat('old', { scope: asked, validFrom: hoursAgo(900), ...overrides });
const isOne = (narrower: Pat, of = wider) => isWidenedFrom(of, memberNamed(of, 'recorded'), familyOf(narrower));

describe('A family is what another one was before its scopes became more', () => {
  const cases = [
    { name: 'if that has some of its scopes, and is older than what the record names', given: older(), expected: true },
    { name: 'whatever the order of the scopes', given: older({ scope: 'vso.packaging vso.code' }), expected: true },
    { name: 'if it is 1 ms older', given: older({ validFrom: recorded.validFrom - 1 }), expected: true },
    {
      name: 'not if it is as young: the record says nothing of it',
      given: older({ validFrom: recorded.validFrom }),
      expected: false,
    },
    { name: 'not if it has a scope of its own', given: older({ scope: 'vso.code vso.work' }), expected: false },
    { name: 'not if it has the same scopes', given: older({ scope: granted }), expected: false },
    { name: 'not if it has more scopes', given: older({ scope: `${granted} vso.work` }), expected: false },
    { name: 'not if it has none', given: older({ scope: '' }), expected: false },
    { name: 'not if it has another name', given: older({ displayName: 'Deploy' }), expected: false },
    { name: 'also if it is marked', given: older({ displayName: 'Build feed (Renew PATs: new)' }), expected: true },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.equal(isOne(given), expected));

  it('not if one of several is younger than what the record names', () => {
    const both = familyOf(older(), pat('young', { scope: asked, validFrom: hoursAgo(1) }));
    assert.equal(isWidenedFrom(wider, memberNamed(wider, 'recorded'), both), false);
  });

  it('if what is younger has expired: it is history', () => {
    const both = familyWith([older()], [pat('ended', { scope: asked, validFrom: hoursAgo(1) })]);
    assert.equal(isWidenedFrom(wider, memberNamed(wider, 'recorded'), both), true);
  });

  it('not in another organization', () => {
    const there = { ...familyOf(older()), organization: 'fabrikam' };
    assert.equal(isWidenedFrom(wider, memberNamed(wider, 'recorded'), there), false);
  });
});

describe('The two are one family again', () => {
  const shared = pat('shared', { scope: asked, validFrom: hoursAgo(500), ...validity(undefined) });
  const family = joined(wider, [familyOf(older(), shared)]);

  it('with all members, oldest first, and the scopes of what is in use', () => {
    assert.deepEqual(family.members.map(idOf), ['old', 'shared', 'recorded']);
    assert.equal(family.scope, granted);
  });

  it('to which PATs of either scopes belong, and no others', () => {
    assert.ok(belongsTo(family, older()) && belongsTo(family, recorded));
    assert.ok(!belongsTo(family, older({ scope: 'vso.code' })));
    assert.ok(!belongsTo(family, older({ displayName: 'Deploy' })));
    assert.ok(!belongsTo(wider, older()));
  });
});
