import assert from 'node:assert/strict';
import { blankEnds } from '../../src/services/blank-ends.ts';

describe('What nobody sees at the ends of a password', () => {
  const cases: readonly { name: string; value: string; words: RegExp }[] = [
    { name: 'a line break', value: 'hunter2\n', words: /^The password ends with a line break, / },
    { name: 'a blank before it', value: ' hunter2', words: /^The password begins with a blank, / },
    { name: 'one at each end', value: '\thunter2\u00a0', words: /begins with a tab and ends with a no-break space, / },
    { name: 'a zero-width space', value: 'hunter2\u200b', words: /ends with a zero-width space, / },
    { name: 'a byte order mark', value: '\ufeffhunter2', words: /begins with a byte order mark, / },
    { name: 'a mark of direction', value: 'hunter2\u200e', words: /ends with an invisible character \(U\+200E\), / },
  ];
  for (const { name, value, words } of cases) {
    it(`is named: ${name}`, () => {
      const sentences = blankEnds('The password', value);
      assert.equal(sentences.length, 1);
      assert.match(sentences[0] ?? '', words);
      assert.doesNotMatch(sentences[0] ?? '', /hunter2/);
    });
  }

  for (const value of ['hunter2', 'hun ter2', '', 'é', 'pass\u200bword']) {
    it(`is not looked for elsewhere: ${JSON.stringify(value)}`, () =>
      assert.deepEqual(blankEnds('The password', value), []));
  }
});
