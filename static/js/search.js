// The search field ([data-search]): a combobox whose list is the fragment that htmx brings while typing.
// The fragment is plain links (.find-group > .find-h, .hit), good for the results page too; the roles are given here.

import { isPlainKey, isTyping } from "./dom.js";

const FEWEST = 2;
// While Escape gives the focus back to the field, which would ask and open the list again.
let isGoingBack = false;

function partsOf(node) {
  const form = node instanceof Element ? node.closest("[data-search]") : null;
  return (
    form && {
      form,
      field: form.querySelector('[role="combobox"]'),
      panel: form.querySelector(".find"),
      list: form.querySelector(".find-list"),
      status: form.querySelector('[role="status"]'),
    }
  );
}

const hitsOf = (panel) => [...panel.querySelectorAll('[role="option"]')];
const activeOf = (panel) => panel.querySelector('[role="option"][aria-selected="true"]');
const isEmpty = (field) => !field.value.trim();
// Nothing typed asks for what was opened last; one letter asks for nothing.
const isTooShort = (field) => !isEmpty(field) && field.value.trim().length < FEWEST;

function activate({ field, panel }, hit) {
  for (const other of hitsOf(panel)) other.setAttribute("aria-selected", String(other === hit));
  if (!hit) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  field.setAttribute("aria-activedescendant", hit.id);
  hit.scrollIntoView({ block: "nearest" });
}

function close(parts) {
  parts.panel.hidden = true;
  parts.field.setAttribute("aria-expanded", "false");
  activate(parts, null);
}

function dress(list) {
  const hits = [...list.querySelectorAll(".hit")];
  hits.forEach((hit, number) => {
    hit.id = `hit-${number + 1}`;
    hit.tabIndex = -1;
    hit.setAttribute("role", "option");
  });
  list.querySelectorAll(".find-group").forEach((group, number) => {
    const heading = group.querySelector(".find-h");
    heading.id = `hits-${number + 1}`;
    heading.setAttribute("role", "presentation");
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", heading.id);
  });
  // With nothing found there is a sentence, and a list without options is an error.
  if (hits.length) list.setAttribute("role", "listbox");
  else list.removeAttribute("role");
}

function open(parts) {
  const { field, panel, status } = parts;
  const found = [...panel.querySelectorAll(".hit:not(.hit-all)")];
  if (isEmpty(field) && !found.length) {
    close(parts);
    return;
  }
  panel.hidden = false;
  field.setAttribute("aria-expanded", String(found.length > 0));
  // Enter opens what was found when it is alone, never a page that merely was opened last.
  activate(parts, found.length === 1 && !isEmpty(field) ? found[0] : null);
  status.textContent = said(found.length, isEmpty(field));
}

function said(count, recent) {
  if (recent) return count > 1 ? `${count} pages ouvertes récemment` : "1 page ouverte récemment";
  return count > 1 ? `${count} résultats` : ["Aucun résultat", "1 résultat"][count];
}

function move(parts, key) {
  const hits = hitsOf(parts.panel);
  const here = hits.indexOf(activeOf(parts.panel));
  if (key === "Home") return hits[0];
  if (key === "End") return hits.at(-1);
  if (key === "ArrowDown") return hits[(here + 1) % hits.length];
  return hits[here <= 0 ? hits.length - 1 : here - 1];
}

function onFieldKey(event, parts) {
  const { field, panel } = parts;
  const active = activeOf(panel);
  if (event.key === "Escape" && !panel.hidden) {
    // The first Escape closes the list and keeps the words; the next one is the browser's, which clears them.
    event.preventDefault();
    close(parts);
  } else if (/^Arrow(Up|Down)$/.test(event.key)) {
    event.preventDefault();
    if (panel.hidden && hitsOf(panel).length && !isTooShort(field)) open(parts);
    if (!panel.hidden) activate(parts, move(parts, event.key));
  } else if (/^(Home|End)$/.test(event.key) && active && !event.shiftKey) {
    // Without an active result these keys belong to the text.
    event.preventDefault();
    activate(parts, move(parts, event.key));
  } else if (event.key === "Enter" && active && !panel.hidden) {
    event.preventDefault();
    active.click();
  }
}

document.addEventListener("keydown", (event) => {
  const parts = partsOf(event.target);
  if (parts && event.target === parts.field) {
    if (isPlainKey(event)) onFieldKey(event, parts);
  } else if (parts && event.key === "Escape" && !parts.panel.hidden) {
    close(parts);
    isGoingBack = true;
    parts.field.focus();
    isGoingBack = false;
  }
  const jumps = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
  const slash = event.key === "/" && isPlainKey(event) && !isTyping(event.target);
  const field = document.querySelector('[data-search] [role="combobox"]');
  if (!field || !(jumps || slash) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  document.querySelector("[data-menu]:popover-open")?.hidePopover();
  field.focus();
  field.select();
});

document.addEventListener("input", (event) => {
  const parts = partsOf(event.target);
  if (!parts) return;
  // The list still shows the former words: Enter must not open one of its lines.
  activate(parts, null);
  if (isTooShort(parts.field)) close(parts);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const parts = partsOf(event.target);
  if (parts && event.target === parts.field && (isGoingBack || isTooShort(parts.field))) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const parts = partsOf(event.target);
  if (!parts || event.target !== parts.list) return;
  // The answer may come after other words were typed or the field was left: Enter must not open one of its lines.
  const asked = event.detail.requestConfig.parameters.q;
  if (asked !== parts.field.value || !parts.form.contains(document.activeElement)) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const parts = partsOf(event.target);
  if (!parts || event.target !== parts.list) return;
  dress(parts.list);
  open(parts);
});

document.addEventListener("pointerdown", (event) => {
  for (const form of document.querySelectorAll("[data-search]")) {
    if (!form.contains(event.target)) close(partsOf(form));
  }
});

document.addEventListener("focusout", (event) => {
  const parts = partsOf(event.target);
  if (parts && event.relatedTarget && !parts.form.contains(event.relatedTarget)) close(parts);
});

// A page kept by the browser's back button must not come back with its list open.
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("[data-search]")) close(partsOf(form));
});
