import assert from 'node:assert/strict';
import { looksLikeAnotherWay, parseRules, type Rule } from '../../src/renewal/rules.ts';

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
    assert.deepEqual(
      rulesOf('Build #1').map(({ pattern }) => pattern),
      ['Build #1'],
    );
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

describe('rules that select nothing', () => {
  const names = ['Build feed', 'Deploy', 'Wiki'];
  const cases: readonly { name: string; given: string; lines: readonly string[] }[] = [
    { name: 'a list', given: '- Build feed\n- !Wiki', lines: ['Build feed', '!Wiki'] },
    { name: 'commas on one line', given: 'Build feed, Deploy', lines: ['Build feed', 'Deploy'] },
    { name: 'semicolons on one line', given: 'Build feed; Deploy', lines: ['Build feed', 'Deploy'] },
    {
      name: 'commas between rules with places',
      given: 'Build feed => a, b, Deploy => c',
      lines: ['Build feed => a, b', 'Deploy => c'],
    },
    { name: '->', given: 'Build feed -> build-pat', lines: ['Build feed => build-pat'] },
    { name: 'an arrow', given: 'Build feed → build-pat', lines: ['Build feed => build-pat'] },
    { name: 'brackets', given: '[Build feed, Deploy]', lines: ['Build feed', 'Deploy'] },
    { name: 'JSON', given: '["Build feed","Deploy"]', lines: ['Build feed', 'Deploy'] },
    { name: 'JSON in lines', given: '[\n  "Build feed",\n  "Deploy"\n]', lines: ['Build feed', 'Deploy'] },
    { name: 'an empty list', given: '[]', lines: ['Build feed'] },
    { name: 'quotes', given: '"Build feed" => "build-pat"', lines: ['Build feed => build-pat'] },
    { name: 'lines folded by >', given: '* !Wiki', lines: ['*', '!Wiki'] },
    { name: 'names folded by >', given: 'Build feed Deploy', lines: ['Build feed', 'Deploy'] },
    {
      name: 'places folded by >',
      given: 'Build feed => a Deploy => b',
      lines: ['Build feed => a', 'Deploy => b'],
    },
  ];
  for (const { name, given, lines } of cases) {
    it(`and look like another way of writing them are shown as they are meant: ${name}`, () => {
      assert.equal(
        looksLikeAnotherWay(rulesOf(given), names),
        'it selects nothing, and looks like another way of writing rules (a list, commas, quotes, ->, or lines folded into ' +
          'one). Each rule stands on a line of its own, as it is, and => comes before a place:\n  pats: |\n    ' +
          lines.join('\n    '),
      );
    });
  }

  for (const given of [
    'Release',
    'Build feed => a, group:P/G/V',
    'John’s PAT',
    "John's",
    'a-b',
    'Build *\n!Wiki',
    'Build feeds',
  ]) {
    it(`and are written as usual are not: ${JSON.stringify(given)}`, () => {
      assert.equal(looksLikeAnotherWay(rulesOf(given), names), undefined);
    });
  }
});
