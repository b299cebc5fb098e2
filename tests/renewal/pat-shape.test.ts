import assert from 'node:assert/strict';
import { hasPatShape } from '../../src/renewal/pat-shape.ts';

describe('the shape of a PAT', () => {
  const current = `${'a1B'.repeat(25)}9AZDO4xYz`;
  const legacy = 'a2z7'.repeat(13);
  const cases = [
    { name: '84 characters with AZDO at 76 are one', given: current, expected: true },
    { name: '52 characters of lower-case base32 are one', given: legacy, expected: true },
    { name: '84 characters without AZDO are none', given: current.replace('AZDO', 'ABCD'), expected: false },
    { name: 'AZDO one place earlier is none', given: `${current.slice(1)}0`, expected: false },
    { name: '83 characters are none', given: current.slice(0, -1), expected: false },
    { name: '85 characters are none', given: `${current}0`, expected: false },
    { name: '51 characters are none', given: legacy.slice(1), expected: false },
    { name: '53 characters are none', given: `${legacy}a`, expected: false },
    { name: '52 characters in upper case are none', given: legacy.toUpperCase(), expected: false },
    { name: 'a line break behind it is no part of it: people paste such', given: `${legacy}\r\n`, expected: true },
    { name: 'blanks around it are no part of it', given: `  ${current} `, expected: true },
    { name: 'a line break in the middle makes it none', given: `${legacy}\n${legacy}`, expected: false },
    { name: 'a password is none', given: 'hunter2', expected: false },
    { name: 'nothing is none', given: '', expected: false },
    { name: 'blanks alone are none', given: ' '.repeat(52), expected: false },
  ];
  for (const { name, given, expected } of cases) it(name, () => assert.equal(hasPatShape(given), expected));
});
