import { plainText } from './plain-text.ts';

/**
 * Text that renders as itself in Markdown, also in a table's cell: no markup, HTML, link, mention or table syntax. What
 * has a meaning only together with one of these characters, such as a round bracket, may stay: people read the source too.
 */
export function markdownText(text: string, atMost = 200): string {
  return (
    plainText(text, atMost)
      // Blanks at the ends make code of a paragraph, and no bold of `** x**`.
      .trim()
      .replace(/[!#$&*+.:<=>@[\\\]^_`{|}~]/g, escaped)
      // What begins a list does so at the start only.
      .replace(/^-|(?<=^\d+)\)/, escaped)
  );
}

/** The same of several lines, each on a line of its own, as far in as it was. */
export function markdownLines(text: string, atMost = 200): string {
  return text
    .split('\n')
    .map((line) => '&nbsp;'.repeat(/^ */.exec(line)?.[0].length ?? 0) + markdownText(line, atMost))
    .join('<br>');
}

function escaped(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
