// The body of a function: text of the page whose colour is too near to what is behind it, by the
// contrast ratio of WCAG 2.2, with what it is.
const parse = text => (text.match(/[\d.]+/g) ?? []).map(Number);
const over = ([r, g, b, a = 1], below) =>
  [r, g, b].map((value, i) => value * a + below[i] * (1 - a));

function luminance(color) {
  const [r, g, b] = color.map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const probe = document.createElement("div");
probe.style.background = "Canvas";
document.body.append(probe);
const canvas = parse(getComputedStyle(probe).backgroundColor).slice(0, 3);
probe.remove();

// What is behind an element's text, and the text over it; opacity weakens both.
function colors(element) {
  const chain = [];
  for (let own = element; own; own = own.parentElement) chain.unshift(getComputedStyle(own));
  let behind = canvas;
  let opacity = 1;
  for (const style of chain) {
    opacity *= Number(style.opacity);
    const background = parse(style.backgroundColor);
    behind = over([...background.slice(0, 3), (background[3] ?? 1) * opacity], behind);
  }
  const color = parse(getComputedStyle(element).color);
  return [over([...color.slice(0, 3), (color[3] ?? 1) * opacity], behind), behind];
}

const has_text = element => element.matches("input, textarea, select")
  || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());

return [...document.body.querySelectorAll("*")]
  .filter(element => !element.matches("script, style, noscript, option") && has_text(element))
  .filter(element => element.checkVisibility())
  .map(element => [element, ratio(...colors(element))])
  .filter(([, value]) => value < 4.5)
  .map(([element, value]) => `${value.toFixed(2)} ${element.localName} ${element.textContent}`);
