import { element } from '../tab/element.ts';

/**
 * Puts a text into the reader's clipboard. A frame may be denied that: then it is shown, selected, to be copied by hand.
 * @param place where it is shown then
 * @returns whether it is in the clipboard
 */
export async function copy(text: string, place: HTMLElement): Promise<boolean> {
  place.replaceChildren();
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const shown = element('textarea', {
      class: 'by-hand',
      readonly: '',
      'aria-label': 'The list as CSV, to copy by hand',
    });
    shown.value = text;
    place.replaceChildren(shown);
    shown.focus();
    shown.select();
    return false;
  }
}
