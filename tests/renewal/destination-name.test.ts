import assert from 'node:assert/strict';
import fc from 'fast-check';
import { secretNameFor, variableNameFor } from '../../src/renewal/destination-name.ts';

describe('the secret’s name', () => {
  const cases = [
    { name: 'is the PAT’s name by default', template: '{pat}', given: 'build', expected: 'build' },
    {
      name: 'has - for every other character',
      template: '{pat}',
      given: 'Build feed (v2)',
      expected: 'Build-feed--v2-',
    },
    { name: 'may hold the organization', template: '{organization}-{pat}', given: 'build', expected: 'contoso-build' },
    { name: 'takes its placeholders in any case', template: '{Organization}-{PAT}', given: 'b', expected: 'contoso-b' },
    { name: 'keeps other braces as characters', template: 'x{other}', given: 'b', expected: 'x-other-' },
    { name: 'has one - for a character of two code units', template: '{pat}', given: 'a😀b', expected: 'a-b' },
    {
      name: 'replaces nothing inside of a name',
      template: '{pat}',
      given: '{organization}',
      expected: '-organization-',
    },
    { name: 'takes a $ as it is', template: '{pat}', given: '$&', expected: '--' },
  ];
  for (const { name, template, given, expected } of cases) {
    it(name, () => assert.equal(secretNameFor(template, 'contoso', given), expected));
  }

  it('always consists of letters, digits and -', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (template, name) => /^[0-9A-Za-z-]*$/.test(secretNameFor(template, 'contoso', name))),
    );
  });
});

describe('the output variable’s name', () => {
  const cases = [
    { name: 'is the PAT’s name in upper case', given: 'Build feed', expected: 'PAT_BUILD_FEED' },
    { name: 'collapses runs of other characters', given: 'a - (b)', expected: 'PAT_A_B' },
    { name: 'has no _ at the ends', given: ' (build) ', expected: 'PAT_BUILD' },
    { name: 'keeps digits', given: '2nd', expected: 'PAT_2ND' },
    { name: 'collapses underscores too', given: 'a__b', expected: 'PAT_A_B' },
    { name: 'is none where nothing is left for it', given: 'パス', expected: undefined },
  ];
  for (const { name, given, expected } of cases) {
    it(name, () => assert.equal(variableNameFor(undefined, given), expected));
  }

  it('begins with the organization when there are several', () => {
    assert.equal(variableNameFor('contoso-west', 'Build feed'), 'PAT_CONTOSO_WEST_BUILD_FEED');
  });

  it('is none, also with several organizations, where the PAT’s own name leaves nothing', () => {
    assert.equal(variableNameFor('contoso', 'パス'), undefined);
  });

  it('always fits the variables that the task may set', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const variable = variableNameFor(undefined, name);
        assert.match(variable ?? 'PAT_X', /^PAT_[A-Z0-9]+(?:_[A-Z0-9]+)*$/);
      }),
    );
  });
});
