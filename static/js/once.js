// A form is sent once: while it is on its way a second submit is ignored and its buttons look it.
// data-once="off" leaves a form alone (one that answers with a file never leaves the page).

import { submittersOf } from "./dom.js";

// Longer than any honest answer; then the user may try again.
const PATIENCE = 30_000;
const sent = new Map();
const takenByHtmx = new WeakSet();

function release(form) {
  clearTimeout(sent.get(form));
  sent.delete(form);
  takenByHtmx.delete(form);
  for (const button of submittersOf(form)) {
    if (!("onceBusy" in button.dataset)) continue;
    delete button.dataset.onceBusy;
    button.removeAttribute("aria-disabled");
  }
}

function hold(form) {
  sent.set(form, setTimeout(release, PATIENCE, form));
  // The disabled attribute would take the pressed button's name and value out of what is sent.
  for (const button of submittersOf(form)) {
    if (button.getAttribute("aria-disabled") === "true") continue;
    button.dataset.onceBusy = "";
    button.setAttribute("aria-disabled", "true");
  }
}

function isConcerned(form, submitter) {
  const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "";
  const byHtmx = form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]");
  const target = submitter?.getAttribute("formtarget") ?? form.getAttribute("target") ?? "";
  return form.dataset.once !== "off" && target !== "_blank" && (byHtmx || method.toLowerCase() === "post");
}

// Before htmx, which listens on the form itself.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!isConcerned(form, event.submitter)) return;
    if (sent.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    hold(form);
    // Nothing left: another behaviour refused it. What htmx takes over is released by its answer.
    setTimeout(() => {
      if (event.defaultPrevented && !takenByHtmx.has(form)) release(form);
    });
  },
  true,
);

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt?.closest?.("form");
  if (form) takenByHtmx.add(form);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("form");
  // The page is about to leave: releasing now would leave the time for a second click.
  if (form && sent.has(form) && !event.detail.xhr?.getResponseHeader("HX-Redirect")) release(form);
});

addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of [...sent.keys()]) release(form);
});
