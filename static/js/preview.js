// The page of results beside the chosen one in short: [data-previews] holds the results and an <aside>, each .hit names
// its fragment in data-preview. Arrows choose, Enter opens. A phone has no room for it, and asks for nothing.

import htmx from "htmx.org";

import { isPlainKey, isTyping } from "./dom.js";

const wide = matchMedia("(min-width: 1024px)");
// A key that is held down, a pointer on its way to the pane: only what they rest on is fetched.
const REST = 120;
let waiting = 0;

const page = () => document.querySelector("[data-previews]");
const hitsOf = (box) => [...box.querySelectorAll(".hit:not(.hit-all)")];
const chosenOf = (box) => box.querySelector('.hit[aria-current="true"]');

function choose(box, hit, delay = REST) {
  if (!hit || hit === chosenOf(box)) return;
  for (const other of hitsOf(box)) other.removeAttribute("aria-current");
  hit.setAttribute("aria-current", "true");
  clearTimeout(waiting);
  waiting = setTimeout(() => show(box, hit), delay);
}

function show(box, hit) {
  const pane = box.querySelector("aside");
  pane.hidden = !hit.dataset.preview;
  if (pane.hidden) return;
  htmx.ajax("GET", hit.dataset.preview, { source: pane, target: pane, swap: "innerHTML" }).catch(() => {});
}

function start() {
  const box = page();
  if (box && wide.matches && !chosenOf(box)) choose(box, hitsOf(box)[0], 0);
}

// An answer may come after another line was chosen.
document.addEventListener("htmx:beforeSwap", (event) => {
  const box = event.target.closest?.("[data-previews]");
  if (box && event.target.matches("aside") && event.detail.pathInfo.requestPath !== chosenOf(box)?.dataset.preview) {
    event.detail.shouldSwap = false;
  }
});

document.addEventListener("keydown", (event) => {
  const box = page();
  if (!box || !wide.matches || !isPlainKey(event) || isTyping(event.target)) return;
  const isNowhere = event.target === document.body || event.target.id === "contenu";
  if (!isNowhere && !box.contains(event.target)) return;
  const hits = hitsOf(box);
  const here = hits.indexOf(chosenOf(box));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!hits.length) return;
    event.preventDefault();
    const there = hits[Math.min(Math.max(here + (event.key === "ArrowDown" ? 1 : -1), 0), hits.length - 1)];
    there.focus();
    choose(box, there);
  } else if (event.key === "Enter" && isNowhere && here >= 0) {
    event.preventDefault();
    hits[here].click();
  }
});

for (const name of ["focusin", "pointermove"]) {
  document.addEventListener(name, (event) => {
    const box = page();
    if (box && wide.matches) choose(box, event.target.closest?.("[data-previews] .hit:not(.hit-all)"));
  });
}

document.addEventListener("DOMContentLoaded", start);
wide.addEventListener("change", start);
