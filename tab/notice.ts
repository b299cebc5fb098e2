import { element } from './element.ts';

/**
 * A box for what a reader must not miss. Line breaks of the text stay.
 * @param links to what helps
 */
export function notice(
  kind: 'error' | 'warning',
  text: string,
  ...links: readonly (HTMLElement | undefined)[]
): HTMLElement {
  const ways = links.filter((way) => way !== undefined);
  return element(
    'div',
    { class: `notice ${kind}` },
    element('p', {}, element('strong', {}, kind === 'error' ? 'Failed: ' : 'Note: '), text),
    ways.length === 0 ? undefined : element('p', { class: 'ways' }, ...ways),
  );
}

/** What can be said in place of a list, in the middle of the page. */
export function calm(headline: string, sentence?: string): HTMLElement {
  return element(
    'div',
    { class: 'calm', role: 'status' },
    element('h1', {}, headline),
    sentence === undefined ? undefined : element('p', {}, sentence),
  );
}
