import assert from 'node:assert/strict';
import { matches } from '../../src/renewal/compiled-rules.ts';
import { unseenDifferences } from '../../src/renewal/unseen.ts';

const unseenDifference = (pattern: string, names: readonly string[]) => unseenDifferences(names)(pattern);

describe('a rule that matches nothing although a name looks the same', () => {
  const cases = [
    { how: 'a blank at the end', name: 'Build feed ', what: 'a blank at its end', rule: 'Build feed?' },
    { how: 'a blank at the beginning', name: ' Build feed', what: 'a blank at its beginning', rule: '?Build feed' },
    {
      how: 'a blank that does not break',
      name: 'Build\u00a0feed',
      what: 'the character U+00A0 in it',
      rule: 'Build?feed',
    },
    { how: 'a zero-width space', name: 'Build\u200b feed', what: 'the character U+200B in it', rule: 'Build? feed' },
    {
      how: 'a mark at the end',
      name: 'Build feed\u200e',
      what: 'the character U+200E at its end',
      rule: 'Build feed?',
    },
    { how: 'two blanks', name: 'Build  feed', what: 'blanks in a row', rule: 'Build  feed' },
  ];
  for (const { how, name, what, rule } of cases) {
    it(`is told what the name holds, and how to write it: ${how}`, () => {
      assert.equal(
        unseenDifference('build feed', ['Deploy', name]),
        `A PAT is called that with ${what}, which nobody sees: write "${rule}", or rename the PAT.`,
      );
      assert.ok(matches(rule, name));
    });
  }

  it('is told of an accent that is a character of its own', () => {
    const sentence = unseenDifference('Café', ['Cafe\u0301']) ?? '';
    assert.match(sentence, /with the character U\+0301 at its end, which nobody sees: write "Cafe\?"/);
    assert.ok(matches('Cafe?', 'Cafe\u0301'));
  });

  it('is told what the rule itself holds', () => {
    assert.equal(
      unseenDifference('Build\u200b*', ['Build feed']),
      'The rule holds the character U+200B in it, which nobody sees: type it anew.',
    );
    assert.equal(
      unseenDifference('Build\u00a0feed', ['Build feed']),
      'The rule holds the character U+00A0 in it, which nobody sees: type it anew.',
    );
  });

  it('is told nothing where the names differ visibly, or only in case', () => {
    assert.equal(unseenDifference('Build feed', ['Build feeds', 'Deploy ']), undefined);
    assert.equal(unseenDifference('Build feed', ['BUILD FEED']), undefined);
    assert.equal(unseenDifference('Build feed', []), undefined);
    assert.equal(unseenDifference('Build*', ['Build feed ']), undefined);
  });
});
