/**
 * Untrusted text (names, server messages) on one line of a log: no control characters, no bidirectional overrides, and
 * nothing that the agent would take for a command.
 */
export function plainText(text: string, atMost = 500): string {
  const line = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/##(?=\s*(?:vso)?\s*\[)/gi, '#_#');
  const characters = [...line];
  return characters.length > atMost ? `${characters.slice(0, atMost - 1).join('')}…` : line;
}

/** Several lines, each harmless. */
export function plainLines(text: string, atMost = 4000): string {
  return text
    .split('\n')
    .map((line) => plainText(line, atMost))
    .join('\n');
}
