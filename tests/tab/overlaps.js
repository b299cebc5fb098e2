/** Texts that lie over each other, and whatever makes the page scroll sideways. */
(() => {
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  const texts = [...document.querySelectorAll('main *')].filter(
    (element) =>
      hasText(element) &&
      element.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true }) &&
      !element.closest('.unseen, option'),
  );
  const boxes = texts.map((element) => ({ element, box: element.getBoundingClientRect() }));
  const isOver = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const overlaps = [];
  for (const [index, { element, box }] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      if (element.contains(other.element) || other.element.contains(element)) continue;
      // The header stays at the top while rows pass below it.
      if ((element.closest('thead') === null) !== (other.element.closest('thead') === null)) continue;
      if (isOver(box, other.box)) overlaps.push(`${element.textContent} | ${other.element.textContent}`);
    }
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = [...document.querySelectorAll('main *')]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1 && !element.closest('.unseen'))
    .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`);
  return { overlaps, wide: scrollWidth > clientWidth ? wide : [], seen: texts.length };
})();
