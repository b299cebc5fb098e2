import type { Random } from './random.ts';
import type { Settings } from './settings.ts';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE_32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * A PAT's value of the published shape: 84 characters with `AZDO` at offset 76 (release notes, sprint 241), or the older
 * 52 of base32. Made at run time, so that no scanner meets one in the source.
 */
export function makePatValue(random: Random, shape: Settings['valueShape']): string {
  return shape === 'legacy'
    ? random.text(52, BASE_32)
    : `${random.text(76, LETTERS_AND_DIGITS)}AZDO${random.text(4, LETTERS_AND_DIGITS)}`;
}
