import assert from 'node:assert/strict';
import { endOf, globalPatsEnd, scopeSet } from '../../src/renewal/pat.ts';
import { at, pat } from './examples.ts';

describe('when a PAT ends', () => {
  const retirement = at('2026-12-01T00:00:00Z');
  const cases = [
    {
      name: 'of one organization: at its own date',
      isGlobal: false,
      validTo: retirement + 1,
      expected: retirement + 1,
    },
    { name: 'global, 1 ms before 2026-12-01: then', isGlobal: true, validTo: retirement - 1, expected: retirement - 1 },
    { name: 'global, on 2026-12-01: then', isGlobal: true, validTo: retirement, expected: retirement },
    {
      name: 'global, 1 ms after 2026-12-01: on that day',
      isGlobal: true,
      validTo: retirement + 1,
      expected: retirement,
    },
  ];
  for (const { name, isGlobal, validTo, expected } of cases) {
    it(name, () => assert.equal(endOf(pat('a', { isGlobal, validTo })), expected));
  }

  it('knows the day on which Microsoft retires global PATs', () => assert.equal(globalPatsEnd, retirement));
});

describe('a scope set', () => {
  it('is the same in any order, with any blanks, and however often a scope is named', () => {
    assert.equal(scopeSet(' vso.work   vso.code vso.work'), scopeSet('vso.code vso.work'));
  });

  it('differs where a scope differs', () => {
    assert.notEqual(scopeSet('vso.code'), scopeSet('vso.code_write'));
    assert.notEqual(scopeSet('vso.code'), scopeSet('vso.code vso.work'));
  });
});
