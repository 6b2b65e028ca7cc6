// The popover menus ([data-menu]): they open without script; this adds the keys.
// data-menu-key="+" opens one from anywhere, data-key="c" on an item activates it while the menu is open.

import htmx from "htmx.org";

import { isPlainKey, isTyping } from "./dom.js";

const opened = () => document.querySelector("[data-menu]:popover-open");
const opener = (menu) => document.querySelector(`[popovertarget="${menu.id}"]`);
const itemsOf = (part) => [...part.querySelectorAll("a[href], button")].filter((item) => item.checkVisibility());

function keyOf(event) {
  // On a French keyboard the unshifted digit row gives & é " ' and so on: the place of the key is what counts.
  return /^Digit\d$/.test(event.code) ? event.code.at(-1) : event.key.toLowerCase();
}

function move(menu, key) {
  const items = itemsOf(menu);
  const here = items.indexOf(document.activeElement);
  if (key === "ArrowDown") return items[(here + 1) % items.length];
  if (key === "ArrowUp") return items[here <= 0 ? items.length - 1 : here - 1];
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  const columns = [...menu.querySelectorAll("[data-menu-column]")].map(itemsOf);
  const from = columns.findIndex((column) => column.includes(document.activeElement));
  const to = columns[from + (key === "ArrowRight" ? 1 : -1)];
  return from < 0 || !to ? null : to[Math.min(columns[from].indexOf(document.activeElement), to.length - 1)];
}

function close(menu) {
  menu.hidePopover();
  opener(menu)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (!isPlainKey(event)) return;
  const menu = opened();
  if (!menu) {
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const wanted = document.querySelector(`[data-menu-key="${CSS.escape(event.key)}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.showPopover();
    itemsOf(wanted)[0]?.focus();
    return;
  }
  if (event.key === "Escape" || event.key === menu.dataset.menuKey) {
    event.preventDefault();
    close(menu);
  } else if (/^(Arrow(Up|Down|Left|Right)|Home|End)$/.test(event.key)) {
    event.preventDefault();
    move(menu, event.key)?.focus();
  } else if (!isTyping(event.target)) {
    const item = menu.querySelector(`[data-key="${CSS.escape(keyOf(event))}" i]`);
    if (!item) return;
    event.preventDefault();
    item.click();
  }
});

// A page kept by the browser's back button would come back with its menu open.
document.addEventListener("click", (event) => {
  const item = event.target.closest?.("[data-menu] :is(a[href], button)");
  if (item && !event.ctrlKey && !event.metaKey) item.closest("[data-menu]").hidePopover();
});

// `toggle` does not bubble.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("[data-menu]")) return;
    opener(event.target)?.setAttribute("aria-expanded", String(event.newState === "open"));
  },
  true,
);

htmx.onLoad((content) => {
  for (const menu of content.querySelectorAll?.("[data-menu]") ?? []) {
    opener(menu)?.setAttribute("aria-expanded", String(menu.matches(":popover-open")));
  }
});
