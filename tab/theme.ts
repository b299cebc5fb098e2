/**
 * The host's variables are in the document by now. Colours of our own have to know whether they stand on a dark ground.
 */
export function applyTheme(): void {
  const [red = 255, green = 255, blue = 255] = channels(getComputedStyle(document.body).backgroundColor);
  const brightness = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  document.documentElement.dataset.theme = brightness < 128 ? 'dark' : 'light';
}

function channels(color: string): readonly number[] {
  return color.match(/[\d.]+/g)?.map(Number) ?? [];
}
