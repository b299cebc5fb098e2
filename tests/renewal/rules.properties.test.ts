import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileRules, matches } from '../../src/renewal/compiled-rules.ts';
import { parseRules } from '../../src/renewal/rules.ts';

/** What a pattern means, said as plainly as can be; far too slow for use. */
function matchesNaively(pattern: readonly string[], name: readonly string[]): boolean {
  const [wanted, ...rest] = pattern;
  const [given, ...left] = name;
  if (wanted === undefined) return given === undefined;
  if (wanted === '*') return matchesNaively(rest, name) || (given !== undefined && matchesNaively(pattern, left));
  if (given === undefined) return false;
  return (wanted === '?' || isSameLetter(wanted, given)) && matchesNaively(rest, left);
}

const isSameLetter = (a: string, b: string) =>
  a.toLowerCase() === b.toLowerCase() || a.toUpperCase() === b.toUpperCase();

/** Few letters, so that patterns and names meet; some that are hard to compare. */
const letters = fc.constantFrom('a', 'A', 'b', 'Σ', 'σ', 'ς', 'İ', 'ß', 'ẞ', '😀', '.', '/', '[', '\\', '\n');
const names = fc.array(letters, { maxLength: 8 });
const patterns = fc.array(fc.oneof(letters, fc.constantFrom('*', '*', '?')), { maxLength: 8 });

describe('any pattern', () => {
  it('matches what its naive reading matches', () => {
    fc.assert(
      fc.property(patterns, names, (pattern, name) => {
        assert.equal(matches(pattern.join(''), name.join('')), matchesNaively(pattern, name));
      }),
      { numRuns: 2000 },
    );
  });

  it('matches any name at all if it is *', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => matches('*', name)));
  });

  it('without * and ? matches its own name in any case', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9 ()[\].#+-]{1,20}$/), (name) => {
        assert.ok(matches(name, name.toUpperCase()) && matches(name.toLowerCase(), name));
      }),
    );
  });
});

describe('any rules', () => {
  it('decide as reading them from the last to the first does', () => {
    const patternTexts = fc.array(
      patterns.map((pattern) => pattern.join('').trim()).filter((text) => /^[^!#\n=]+$/.test(text)),
    );
    fc.assert(
      fc.property(patternTexts, names, (texts, letters) => {
        const rules = texts.map((pattern) => ({ kind: 'include', pattern, places: [], text: pattern }) as const);
        const name = letters.join('');
        const compiled = compileRules(rules);
        assert.equal(
          compiled.deciding(name),
          rules.findLast(({ pattern }) => matches(pattern, name)),
        );
        assert.deepEqual(
          compiled.matchingNone([name]),
          rules.filter(({ pattern }) => !matches(pattern, name)),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('any input pats', () => {
  it('is either rules or problems, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseRules(text, () => []);
        return parsed.kind === 'rules' ? parsed.rules.length > 0 : parsed.problems.length > 0;
      }),
    );
  });

  it('leaves out what its last line leaves out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('*', 'a*', '!b', 'b => c')),
        fc.constantFrom('a', 'b', 'ab'),
        (lines, name) => {
          const parsed = parseRules([...lines, `!${name}`].join('\n'), () => []);
          assert.ok(parsed.kind === 'rules');
          assert.deepEqual(compileRules(parsed.rules).select(name), { kind: 'left out' });
        },
      ),
    );
  });
});
