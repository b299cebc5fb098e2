import assert from 'node:assert/strict';
import { type Claim, collisions } from '../../src/renewal/collide.ts';

const claim = (name: string, overrides: Partial<Claim> = {}): Claim => ({
  organization: 'contoso',
  name,
  scope: 'vso.code',
  secretName: undefined,
  variable: undefined,
  ...overrides,
});

describe('PATs collide', () => {
  it('not when nothing of theirs is the same', () => {
    const claims = [
      claim('Build', { secretName: 'build', variable: 'PAT_BUILD' }),
      claim('Release', { secretName: 'release', variable: 'PAT_RELEASE' }),
    ];
    assert.deepEqual(collisions(claims), new Map());
  });

  it('when they share a name but not the scopes; the message names both scope sets', () => {
    const code = claim('Build');
    const work = claim('Build', { scope: 'vso.work' });

    assert.deepEqual(
      collisions([code, work]),
      new Map([
        [
          code,
          'there are PATs named "Build" with different scopes ("vso.code" and "vso.work"): which of them its consumers need ' +
            'is not known. Rename one of them or revoke it.',
        ],
        [
          work,
          'there are PATs named "Build" with different scopes ("vso.work" and "vso.code"): which of them its consumers need ' +
            'is not known. Rename one of them or revoke it.',
        ],
      ]),
    );
  });

  it('when they lead to the same secret, also if only the case differs; the message names both PATs', () => {
    const build = claim('Build feed', { secretName: 'Build-feed' });
    const other = claim('build-feed', { secretName: 'build-feed', organization: 'fabrikam' });

    assert.deepEqual(
      collisions([build, other]).get(build),
      '"Build feed" (contoso) and "build-feed" (fabrikam) lead to the same secret "Build-feed". Name a secret for one of ' +
        'them in the input pats ("name => secret-name"), or put {organization} into the input secretName.',
    );
    assert.ok(collisions([build, other]).has(other));
  });

  it('when they lead to the same output variable; the message names both PATs', () => {
    const build = claim('Build feed', { variable: 'PAT_BUILD_FEED' });
    const other = claim('build-feed', { variable: 'PAT_BUILD_FEED' });

    assert.equal(
      collisions([build, other]).get(other),
      '"build-feed" (contoso) and "Build feed" (contoso) lead to the same output variable PAT_BUILD_FEED. Rename one of ' +
        'them, or leave one out in the input pats.',
    );
  });

  it('not for the same name in two organizations', () => {
    assert.equal(collisions([claim('Build'), claim('Build', { organization: 'fabrikam' })]).size, 0);
  });

  it('all three of them when three lead to one secret', () => {
    const claims = ['a', 'b', 'c'].map((name) => claim(name, { secretName: 'one' }));
    assert.deepEqual([...collisions(claims).keys()], claims);
  });
});
