import { matches } from './compiled-rules.ts';

/**
 * Why a rule matches none of these names although one looks the same: something that nobody sees, in the name or in the
 * rule. A sentence that says where it is; undefined: that is not why.
 */
export function unseenDifferences(names: readonly string[]): (pattern: string) => string | undefined {
  const unusual = names.filter((name) => name !== asSeen(name));
  return (pattern) => {
    const seen = asSeen(pattern);
    const candidates = pattern === seen ? unusual : names;
    const name = candidates.find((text) => matches(seen, asSeen(text)) && !matches(pattern, text));
    if (name === undefined) return undefined;
    if (pattern !== seen) return `The rule holds ${unseenIn(pattern)}, which nobody sees: type it anew.`;
    const written = [...name].map((character, index, all) => (isUnseen(character, index, all) ? '?' : character));
    return `A PAT is called that with ${unseenIn(name)}, which nobody sees: write "${written.join('')}", or rename the PAT.`;
  };
}

/** As it looks on a page: one blank for several, none at the ends, one way to write a letter with its accent. */
function asSeen(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]/gu, '')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
}

function unseenIn(text: string): string {
  const character = [...text].find(isUnseen);
  if (character === undefined) return 'blanks in a row';
  const at = text.startsWith(character) ? 'its beginning' : text.endsWith(character) ? 'its end' : undefined;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const what = character === ' ' ? 'a blank' : `the character U+${code}`;
  return at === undefined ? `${what} in it` : `${what} at ${at}`;
}

/** A `?` in a rule stands for it; what can be typed needs none. */
function isUnseen(character: string, index: number, all: readonly string[]): boolean {
  const atEnd = all.slice(0, index + 1).every(isBlank) || all.slice(index).every(isBlank);
  return /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\p{M}]/u.test(character) || (isBlank(character) && (character !== ' ' || atEnd));
}

function isBlank(character: string): boolean {
  return /\p{Zs}/u.test(character);
}
