import assert from 'node:assert/strict';
import { compileRules, matches } from '../../src/renewal/compiled-rules.ts';
import { parseRules, type Rule } from '../../src/renewal/rules.ts';

const rulesOf = (text: string): readonly Rule[] => {
  const parsed = parseRules(text, () => []);
  assert.ok(parsed.kind === 'rules');
  return parsed.rules;
};

describe('the selection', () => {
  const cases = [
    { name: 'a PAT that no rule matches is left out', rules: 'Release', given: 'Build', expected: 'left out' },
    { name: 'a PAT that a rule matches is selected', rules: 'Build*', given: 'Build feed', expected: 'selected' },
    { name: 'the last matching rule wins: out', rules: '*\n!Build*', given: 'Build feed', expected: 'left out' },
    { name: 'the last matching rule wins: in', rules: '!Build*\n*', given: 'Build feed', expected: 'selected' },
    {
      name: 'a later rule that does not match changes nothing',
      rules: '*\n!Test*',
      given: 'Build',
      expected: 'selected',
    },
    { name: 'case is ignored', rules: 'BUILD feed', given: 'build FEED', expected: 'selected' },
  ];
  for (const { name, rules, given, expected } of cases) {
    it(name, () => assert.equal(compileRules(rulesOf(rules)).select(given).kind, expected));
  }

  it('is by the places of the last matching rule, not of one before', () => {
    const rules = rulesOf('Build* => build-pat\nBuild feed\nRelease => release-pat');
    const [build, feed] = rules;

    assert.deepEqual(compileRules(rules).select('Build server'), { kind: 'selected', rule: build });
    assert.deepEqual(compileRules(rules).select('Build feed'), { kind: 'selected', rule: feed });
  });
});

describe('a pattern', () => {
  const cases = [
    { name: '* is any run of characters, none too', pattern: 'a*b', given: 'ab', expected: true },
    { name: '* crosses / and dots', pattern: 'a*z', given: 'a/b.c/z', expected: true },
    { name: '* crosses line breaks', pattern: '*', given: 'a\nb', expected: true },
    { name: '? is one character', pattern: 'a?c', given: 'abc', expected: true },
    { name: '? is not none', pattern: 'a?c', given: 'ac', expected: false },
    { name: '? is a whole character, also one of two code units', pattern: 'a?c', given: 'a😀c', expected: true },
    {
      name: '? is one letter, also one whose lower case has two',
      pattern: '?stanbul',
      given: 'İstanbul',
      expected: true,
    },
    { name: 'a pattern covers the whole name', pattern: 'Build', given: 'Build feed', expected: false },
    { name: 'the dot is itself', pattern: 'a.c', given: 'abc', expected: false },
    { name: 'brackets are themselves', pattern: '[ab]', given: '[ab]', expected: true },
    { name: 'a backslash is itself', pattern: 'a\\*', given: 'a\\b', expected: true },
    {
      name: 'the Greek letter with two small forms is one letter',
      pattern: 'ΟΔΟΣ*',
      given: 'οδοσήμανση',
      expected: true,
    },
    { name: 'a final sigma is a sigma', pattern: 'ΟΔΟΣ', given: 'οδος', expected: true },
  ];
  for (const { name, pattern, given, expected } of cases) {
    it(name, () => assert.equal(matches(pattern, given), expected));
  }

  it('with many stars is answered at once', () => {
    assert.equal(matches(`${'*a'.repeat(50)}b`, 'a'.repeat(5000)), false);
  });
});

describe('many rules and many PATs', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `Team ${index} feed`);

  /** How often a pattern is compared with a name. */
  function comparisonsOf(lines: readonly string[]): number {
    let count = 0;
    const compiled = compileRules(rulesOf(lines.join('\n')), () => count++);
    for (const name of names) compiled.select(name);
    compiled.matchingNone(names);
    return count;
  }

  it('are looked up where rules name PATs as they are', () => {
    const lines = Array.from({ length: 6000 }, (_, index) => `team ${index} FEED`);
    assert.equal(comparisonsOf(lines), 0);
    assert.equal(compileRules(rulesOf(lines.join('\n'))).matchingNone(names).length, 4000);
  });

  it('are compared only with patterns behind the rule that names the PAT', () => {
    const lines = ['*', ...names];
    // Once only, to see that the pattern matches something.
    assert.equal(comparisonsOf(lines), 1);
  });

  it('are compared only with patterns that begin as they do', () => {
    assert.equal(comparisonsOf(Array.from({ length: 6000 }, (_, index) => `other ${index}*`)), 0);
    // Each name begins as a few of the patterns: "Team 1", "Team 12" and "Team 123" for one.
    const lines = Array.from({ length: 6000 }, (_, index) => `Team ${index}*wiki`);
    assert.ok(comparisonsOf(lines) <= 2 * 4 * names.length);
  });
});

describe('the deciding rule', () => {
  it('is the last one, whether it is looked up or compared', () => {
    const rules = rulesOf('a\na*\nab\n*b\nA');
    const { deciding } = compileRules(rules);
    assert.deepEqual(
      ['a', 'ab', 'ax', 'xb', 'x'].map((name) => deciding(name)?.text),
      ['A', '*b', 'a*', '*b', undefined],
    );
  });

  it('does not take ß for SS', () => {
    assert.equal(compileRules(rulesOf('STRASSE')).deciding('straße'), undefined);
    assert.equal(matches('STRASSE', 'straße'), false);
  });
});
