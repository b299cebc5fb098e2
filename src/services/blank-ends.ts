/** Characters at a text's end that nobody sees, by name. */
const named: readonly (readonly [RegExp, string])[] = [
  [/[\r\n\u2028\u2029\u0085]/, 'a line break'],
  [/\t/, 'a tab'],
  [/\u00a0/, 'a no-break space'],
  [/\u200b/, 'a zero-width space'],
  [/\ufeff/, 'a byte order mark'],
  [/\s/, 'a blank'],
];
/** Everything else of that kind: control and format characters. */
const invisible = /[\s\p{Cc}\p{Cf}]/u;

/**
 * What nobody sees at the ends of a password or secret, as sentences: it comes with a copy, and is a part of the value.
 * Nothing of the value is told.
 * @param what such as `The password`
 */
export function blankEnds(what: string, value: string): readonly string[] {
  const characters = [...value];
  const first = nameOf(characters[0]);
  const last = nameOf(characters.at(-1));
  const ends = [
    ...(first === undefined ? [] : [`begins with ${first}`]),
    ...(last === undefined ? [] : [`ends with ${last}`]),
  ];
  if (ends.length === 0) return [];
  return [`${what} ${ends.join(' and ')}, which nobody sees and which is sent with it: enter it again without.`];
}

function nameOf(character: string | undefined): string | undefined {
  if (character === undefined || !invisible.test(character)) return undefined;
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return named.find(([pattern]) => pattern.test(character))?.[1] ?? `an invisible character (U+${code})`;
}
