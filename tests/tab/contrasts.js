/** The contrast of each text with what is behind it (WCAG 2). */
(() => {
  const channels = (color) => {
    const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };
  const over = (front, back) => {
    const mix = (a, b) => a * front.alpha + b * (1 - front.alpha);
    return {
      red: mix(front.red, back.red),
      green: mix(front.green, back.green),
      blue: mix(front.blue, back.blue),
      alpha: 1,
    };
  };
  const groundOf = (element) => {
    const own = channels(getComputedStyle(element).backgroundColor);
    return own.alpha === 1 || element.parentElement === null ? own : over(own, groundOf(element.parentElement));
  };
  const luminance = ({ red, green, blue }) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
  return [...document.querySelectorAll('body *')].filter(hasText).map((element) => {
    const ground = groundOf(element);
    const lights = [luminance(over(channels(getComputedStyle(element).color), ground)), luminance(ground)];
    const [lighter, darker] = lights.sort((a, b) => b - a);
    return { text: element.textContent, contrast: (lighter + 0.05) / (darker + 0.05) };
  });
})();
