import assert from 'node:assert/strict';
import { matches, parseRules, type Rule, select } from '../../src/renewal/rules.ts';

const takesAll = () => [];

const rulesOf = (text: string): readonly Rule[] => {
  const parsed = parseRules(text, takesAll);
  assert.equal(parsed.kind, 'rules');
  return parsed.kind === 'rules' ? parsed.rules : [];
};

describe('the rules in the input pats', () => {
  it('are read one per line: what to select, what to leave out, and the secret for the value', () => {
    const text = '# all of the build, but not the feed\nBuild*\n\n  !Build feed  \r\nRelease => release-pat\n   # end';

    assert.deepEqual(parseRules(text, takesAll), {
      kind: 'rules',
      rules: [
        { kind: 'include', pattern: 'Build*', places: [], text: 'Build*' },
        { kind: 'exclude', pattern: 'Build feed', text: '!Build feed' },
        { kind: 'include', pattern: 'Release', places: ['release-pat'], text: 'Release => release-pat' },
      ],
    });
  });

  it('keep a # that is not the first visible character', () => {
    assert.deepEqual(select(rulesOf('Build #1'), 'Build #1').kind, 'selected');
  });

  it('take the last => as the arrow, so that a name may hold one', () => {
    assert.deepEqual(parseRules('a => b => c', takesAll), {
      kind: 'rules',
      rules: [{ kind: 'include', pattern: 'a => b', places: ['c'], text: 'a => b => c' }],
    });
  });

  const refused = [
    { name: 'a rule without a pattern', given: '=> build-pat', problem: 'a rule needs a pattern, such as * or Build*' },
    { name: 'an exclusion without a pattern', given: '!', problem: 'a rule needs a pattern, such as * or Build*' },
    {
      name: 'a rule without a place after =>',
      given: 'Build* =>',
      problem: 'the name of the place is missing after =>',
    },
    {
      name: 'an exclusion that names a place',
      given: '!Build => b',
      problem: 'a rule that leaves PATs out cannot name a place',
    },
    {
      name: 'a comma without a place behind it',
      given: 'Build => b,',
      problem: 'a place is missing before or after a comma',
    },
  ];
  for (const { name, given, problem } of refused) {
    it(`refuse ${name}, and say in which line`, () => {
      const problems = [`line 2 (${JSON.stringify(given)}): ${problem}`];
      assert.deepEqual(parseRules(`*\n${given}`, takesAll), { kind: 'problems', problems });
    });
  }

  it('have places, trimmed and otherwise as they are written', () => {
    assert.deepEqual(rulesOf('Build => build-pat ,group:My project/a%2Cb/FEED'), [
      {
        kind: 'include',
        pattern: 'Build',
        places: ['build-pat', 'group:My project/a%2Cb/FEED'],
        text: 'Build => build-pat ,group:My project/a%2Cb/FEED',
      },
    ]);
  });

  it('tell what is wrong with a place by the line that names it', () => {
    const problemsOf = (places: readonly string[]) => places.filter((place) => place === 'x');
    assert.deepEqual(parseRules('*\nBuild => x\n!Wiki', problemsOf), {
      kind: 'problems',
      problems: ['line 2 ("Build => x"): x'],
    });
  });

  it('tell all their problems at once', () => {
    const parsed = parseRules('!\n*\nBuild =>', takesAll);
    assert.deepEqual(parsed.kind === 'problems' && parsed.problems.map((problem) => problem.slice(0, 7)), [
      'line 1 ',
      'line 3 ',
    ]);
  });

  for (const given of ['# only a comment', '\n\n', '']) {
    it(`refuse an input without any rule: ${JSON.stringify(given)}`, () => {
      const problems = ['it holds no rule; write * to select every PAT'];
      assert.deepEqual(parseRules(given, takesAll), { kind: 'problems', problems });
    });
  }
});

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
    it(name, () => assert.equal(select(rulesOf(rules), given).kind, expected));
  }

  it('is by the places of the last matching rule, not of one before', () => {
    const rules = rulesOf('Build* => build-pat\nBuild feed\nRelease => release-pat');
    const [build, feed] = rules;

    assert.deepEqual(select(rules, 'Build server'), { kind: 'selected', rule: build });
    assert.deepEqual(select(rules, 'Build feed'), { kind: 'selected', rule: feed });
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
