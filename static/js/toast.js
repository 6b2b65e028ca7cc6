// Short messages at the foot of the screen: those the page came with, and {"toast": {"text", "level"}} of HX-Trigger.

import { icon } from "./dom.js";

const LIFE = 6_000;
// One that can be taken back: time to see what it did.
const LONG_LIFE = 20_000;
const ICONS = { success: "check", info: "info-circle", warning: "alert-triangle", error: "alert-circle" };

export function show({ text, level = "success" }) {
  const list = document.getElementById("toasts");
  if (!list || !text) return;
  // A failing search would otherwise say the same thing at every key.
  for (const line of list.children) if (line.querySelector("span")?.textContent === text) line.remove();
  const line = document.createElement("div");
  line.className = "toast-line";
  line.dataset.level = ICONS[level] ? level : "info";
  if (level === "error") line.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", "Fermer");
  close.append(icon("x"));
  line.append(icon(ICONS[line.dataset.level]), words, close);
  list.append(line);
}

function leaveLater(line, delay = line.querySelector("form") ? LONG_LIFE : LIFE) {
  // What failed stays until it was read.
  if (line.dataset.level === "error") return;
  setTimeout(() => {
    // One that left would move the others under the pointer of who reads them.
    const read = line.closest(".toasts")?.matches(":hover, :focus-within");
    if (read || document.hidden) leaveLater(line, 1_500);
    else line.remove();
  }, delay);
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest(".toast-line").remove();
});

document.addEventListener("toast", (event) => {
  // htmx wraps a plain string in {value}.
  show({ text: event.detail.text ?? event.detail.value, level: event.detail.level });
});

document.addEventListener("DOMContentLoaded", () => {
  const list = document.getElementById("toasts");
  if (!list) return;
  for (const line of list.querySelectorAll(".toast-line")) leaveLater(line);
  // Lines also arrive by hx-swap-oob="beforeend:#toasts".
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.matches?.(".toast-line")) leaveLater(node);
    }
  }).observe(list, { childList: true });
});
