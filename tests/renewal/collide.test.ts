import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Claimant, collisions } from '../../src/renewal/collide.ts';

const claimant = (name: string, overrides: Partial<Claimant> = {}): Claimant => ({
  organization: 'contoso',
  name,
  scope: 'vso.code',
  places: [],
  variable: undefined,
  ...overrides,
});

describe('PATs collide', () => {
  it('not when nothing of theirs is the same', () => {
    const claimants = [
      claimant('Build', { places: ['secret:kv1/build', 'group:p/g/build'], variable: 'PAT_BUILD' }),
      claimant('Release', { places: ['secret:kv1/release', 'group:p/g/release'], variable: 'PAT_RELEASE' }),
    ];
    assert.deepEqual(collisions(claimants), new Map());
  });

  it('when they share a name but not the scopes, each with the other', () => {
    const code = claimant('Build');
    const work = claimant('Build', { scope: 'vso.work' });
    assert.deepEqual(
      collisions([code, work]),
      new Map([
        [code, { over: 'name', other: work }],
        [work, { over: 'name', other: code }],
      ]),
    );
  });

  it('when they lead to one place, in whatever position it stands', () => {
    const build = claimant('Build feed', { places: ['secret:kv1/build-feed'] });
    const other = claimant('Other', {
      places: ['secret:kv1/other', 'secret:kv1/build-feed'],
      organization: 'fabrikam',
    });
    assert.deepEqual(
      collisions([build, other]),
      new Map([
        [build, { over: 'place', key: 'secret:kv1/build-feed', other }],
        [other, { over: 'place', key: 'secret:kv1/build-feed', other: build }],
      ]),
    );
  });

  it('when they lead to the same output variable', () => {
    const build = claimant('Build feed', { variable: 'PAT_BUILD_FEED' });
    const other = claimant('build-feed', { variable: 'PAT_BUILD_FEED' });
    assert.deepEqual(collisions([build, other]).get(other), { over: 'variable', other: build });
  });

  it('over the name first, then a place, then the variable', () => {
    const one = claimant('Build', { places: ['a'], variable: 'PAT_BUILD' });
    const two = claimant('Build', { scope: 'vso.work', places: ['a'], variable: 'PAT_BUILD' });
    const three = claimant('build', { places: ['a'], variable: 'PAT_BUILD' });
    const found = collisions([one, two, three]);
    assert.deepEqual(
      [one, two, three].map((each) => found.get(each)?.over),
      ['name', 'name', 'place'],
    );
  });

  it('not for the same name in two organizations', () => {
    assert.equal(collisions([claimant('Build'), claimant('Build', { organization: 'fabrikam' })]).size, 0);
  });

  it('for the same name in one organization that is written in two ways', () => {
    assert.equal(collisions([claimant('Build'), claimant('Build', { organization: 'Contoso' })]).size, 2);
  });

  it('all three of them when three lead to one place', () => {
    const claimants = ['a', 'b', 'c'].map((name) => claimant(name, { places: ['one'] }));
    assert.deepEqual([...collisions(claimants).keys()], claimants);
  });

  it('never with themselves, though they name a place twice', () => {
    assert.equal(collisions([claimant('Build', { places: ['one', 'one'] })]).size, 0);
  });

  it('mutually, whatever they claim: who clashes with somebody is clashed with', () => {
    const claimants = fc.array(
      fc.record({
        organization: fc.constantFrom('contoso', 'Contoso', 'fabrikam'),
        name: fc.constantFrom('a', 'b', 'c'),
        scope: fc.constantFrom('x', 'y'),
        places: fc.subarray(['p', 'q', 'r']),
        variable: fc.constantFrom(undefined, 'V', 'W'),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(claimants, (each) => {
        const found = collisions(each);
        for (const [one, { other }] of found) assert.ok(one !== other && found.has(other));
      }),
    );
  });
});
