// Small helpers shared by the behaviours.

// Types of <input> in which a key is text, so that a shortcut would eat a letter.
const NOT_TEXT = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

export function isPlainKey(event) {
  return !(event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey);
}

// The same markup as the {% icon %} tag; the hashed address of the sprite comes from the page.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function submittersOf(form) {
  // form.elements holds the buttons outside of the form too (form="…"), but not <input type="image">.
  return [...form.elements].filter((element) => element.type === "submit");
}
