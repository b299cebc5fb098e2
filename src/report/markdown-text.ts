import { plainText } from './plain-text.ts';

/** Text that renders as itself in Markdown, also in a table's cell: no markup, HTML, link or table syntax. */
export function markdownText(text: string, atMost = 200): string {
  return plainText(text, atMost).replace(/[!-,./:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
