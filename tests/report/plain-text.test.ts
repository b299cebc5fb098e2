import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainLines, plainText } from '../../src/report/plain-text.ts';
import { hostileText } from './hostile-text.ts';

describe('text in a log', () => {
  const cases = [
    {
      name: 'stays as it is where it is harmless',
      given: 'Build feed (v2) #1 [a]',
      expected: 'Build feed (v2) #1 [a]',
    },
    { name: 'is no command of the agent', given: '##vso[task.complete]', expected: '#_#vso[task.complete]' },
    { name: 'is no command in any case', given: 'a ##VSO[x]', expected: 'a #_#VSO[x]' },
    { name: 'is no heading of the log', given: '##[error]no', expected: '#_#[error]no' },
    { name: 'is no command behind more #', given: '###[error]', expected: '##_#[error]' },
    { name: 'is no command once a hidden character is gone', given: '##\u200evso[x]', expected: '#_#vso[x]' },
    { name: 'stands on one line', given: 'a\r\nb\u2028c', expected: 'a b c' },
    { name: 'rings no bell and has no colour', given: 'a\u0007\u001b[31mb', expected: 'a [31mb' },
    { name: 'is read from left to right', given: 'a\u202egnp.exe', expected: 'agnp.exe' },
    { name: 'holds no byte order mark', given: 'a\ufeffb', expected: 'ab' },
    { name: 'keeps letters of every script', given: 'パス é 😀', expected: 'パス é 😀' },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.equal(plainText(given), expected));

  it('is cut where it is too long, and never in the middle of a character', () => {
    assert.equal(plainText('😀😀😀', 3), '😀😀😀');
    assert.equal(plainText('😀😀😀😀', 3), '😀😀…');
  });

  it('of several lines stays so, each harmless', () => {
    assert.equal(plainLines('one\n##[error]two\r\nthree'), 'one\n#_#[error]two \nthree');
  });
});

describe('any text in a log', () => {
  const isCommand = /##\s*vso\s*\[|##\s*\[/i;

  it('holds no command of the agent, no control character, no line break and nothing that turns the direction', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = plainText(text);
        assert.doesNotMatch(shown, isCommand);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      }),
      { numRuns: 3000 },
    );
  });

  it('holds none either when several of them stand beside one another in columns', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (left, right) => {
        assert.doesNotMatch(`${plainText(left)}  ends 2026-10-05  ${plainText(right)}`, isCommand);
      }),
    );
  });

  it('has no more characters than it may', () => {
    fc.assert(
      fc.property(
        hostileText,
        fc.integer({ min: 1, max: 40 }),
        (text, atMost) => [...plainText(text, atMost)].length <= atMost,
      ),
    );
  });

  it('of several lines keeps their number', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        assert.equal(plainLines(text).split('\n').length, text.split('\n').length);
        assert.doesNotMatch(plainLines(text), isCommand);
      }),
    );
  });

  it('stays as it is where it holds none of these', () => {
    fc.assert(fc.property(fc.stringMatching(/^[\p{L}\p{N} ()[\]._-]{0,60}$/u), (text) => plainText(text) === text));
  });
});
