// What is typed in a form[data-keep="key"] survives a lost session, a closed tab or a broken answer: it waits in
// sessionStorage and comes back, with a notice, when the page with that form is opened again in this tab.
//
// form[data-bound]          the server gave back what was typed (a refused form, a switch of mode): nothing to restore
// [data-keep-slot]          where in the form the notice goes; else it comes first
// [data-no-keep]            a field that is never stored (nor are passwords, files and hidden fields)
// [data-keep-drop]          a link or button inside the form that gives the typing up (« Fermer »)
// form[data-keep-clear]     sending it forgets everything (« Se déconnecter »)
// [data-keep-received="key"] a page that is itself the answer to that form, received, without a redirect
// body[data-keep-hold]      a page that says nothing about success: sign-in, errors
// body[data-user]           whose typing it is; another person's is thrown away
//
// Events on the form: keep:missing (detail.names: kept fields that the page does not show yet, detail.values: what was
// kept by name; a behaviour may add them at once), keep:restored.

import htmx from "htmx.org";

import { icon } from "./dom.js";

const PREFIX = "keep:";
const LIFE = 12 * 3_600_000;
const PAUSE = 250;
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image", "fieldset", "output"]);

// ---- the store: {owner, at, sent, values: {name: [value, …]}} under each key ------------------------------

function parse(key) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

function read(key) {
  const entry = parse(key);
  const valid = entry && entry.owner === document.body.dataset.user && Date.now() - entry.at < LIFE;
  return valid ? entry : null;
}

function write(key, entry) {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(entry));
  } catch {
    // A full or forbidden store takes this comfort away, nothing else.
  }
}

const drop = (key) => sessionStorage.removeItem(PREFIX + key);
const keys = () =>
  Object.keys(sessionStorage)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length));

function markSent(key, sent) {
  const entry = parse(key);
  if (entry) write(key, { ...entry, sent });
}

// ---- the values of a form, by name --------------------------------------------------------------------------

const isKept = (field) => field.name && !NEVER.has(field.type) && !field.matches("[data-no-keep], [readonly]");
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
const named = (form, name) => [...form.elements].filter((field) => field.name === name && isKept(field));
const same = (some, others) => some.length === others.length && some.every((value, at) => value === others[at]);

function valuesOf(form, name) {
  return named(form, name).flatMap((field) => {
    if (isTicked(field)) return field.checked ? [field.value] : [];
    if (field.type === "select-multiple") return [...field.selectedOptions].map((option) => option.value);
    return [field.value];
  });
}

function fill(form, name, values) {
  const left = [...values];
  for (const field of named(form, name)) {
    if (isTicked(field)) {
      field.checked = values.includes(field.value);
    } else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else {
      const value = left.shift();
      const offered = !field.options || [...field.options].some((option) => option.value === value);
      if (value !== undefined && offered) field.value = value;
    }
  }
}

// ---- while typing -------------------------------------------------------------------------------------------

const touched = new WeakMap();
const waiting = new Map();

function note(event) {
  const field = event.target;
  const form = field.form;
  if (!form?.dataset?.keep || !isKept(field)) return;
  if (!touched.has(form)) touched.set(form, new Set());
  touched.get(form).add(field.name);
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(save, PAUSE, form));
}

function save(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  const entry = read(form.dataset.keep) ?? { values: {}, sent: false };
  for (const name of touched.get(form)) entry.values[name] = valuesOf(form, name);
  write(form.dataset.keep, { ...entry, owner: document.body.dataset.user, at: Date.now() });
}

const saveAll = () => [...waiting.keys()].forEach(save);

document.addEventListener("input", note);
document.addEventListener("change", note);
addEventListener("pagehide", saveAll);
document.addEventListener("visibilitychange", saveAll);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-keep-clear]")) forgetAll();
  if (!form.dataset.keep) return;
  saveAll();
  markSent(form.dataset.keep, true);
});

function forgetAll() {
  for (const timer of waiting.values()) clearTimeout(timer);
  waiting.clear();
  keys().forEach(drop);
}

function forget(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  touched.delete(form);
  drop(form.dataset.keep);
}

document.addEventListener("click", (event) => {
  const form = event.target.closest?.("[data-keep-drop]")?.closest("form[data-keep]");
  if (form) forget(form);
});

// ---- was it received? ---------------------------------------------------------------------------------------

const isBound = (form) => form.matches("[data-bound]") || form.querySelector('[aria-invalid="true"]') !== null;

function settle(key, received) {
  const form = document.querySelector(`form[data-keep="${CSS.escape(key)}"]`);
  if (received && !(form && isBound(form))) drop(key);
  else markSent(key, false);
}

function settlePage() {
  if ("keepHold" in document.body.dataset) {
    for (const key of keys()) markSent(key, false);
    return;
  }
  // The house answers a successful POST with a redirect, and nothing else does: a link, the back button or a page
  // opened after a broken answer show none, so that they never pass for a success.
  const [page] = performance.getEntriesByType("navigation");
  const received = page?.type === "navigate" && page.redirectCount > 0;
  const named = document.querySelector("[data-keep-received]")?.dataset.keepReceived;
  for (const key of keys()) {
    const entry = read(key);
    if (!entry) drop(key);
    else if (entry.sent) settle(key, received || key === named);
  }
}

document.addEventListener("htmx:afterRequest", (event) => {
  // Once the form was swapped out the event comes from a parent; the request still names the form.
  const form = event.detail.requestConfig?.elt;
  const key = form instanceof HTMLFormElement && form.dataset.keep;
  if (!key || !parse(key)?.sent) return;
  const { status } = event.detail.xhr;
  settle(key, status >= 200 && status < 400);
});

// ---- giving it back -----------------------------------------------------------------------------------------

const seen = new WeakSet();

function arrive(form) {
  if (seen.has(form)) return;
  seen.add(form);
  const entry = read(form.dataset.keep);
  if (!entry || isBound(form)) return;
  const missing = Object.keys(entry.values).filter((name) => named(form, name).length === 0);
  if (missing.length) {
    form.dispatchEvent(new CustomEvent("keep:missing", { bubbles: true, detail: { names: missing, values: entry.values } }));
  }
  const back = Object.keys(entry.values).filter(
    (name) => named(form, name).length > 0 && !same(valuesOf(form, name), entry.values[name]),
  );
  if (back.length === 0) return;
  for (const name of back) fill(form, name, entry.values[name]);
  touched.set(form, new Set(back));
  tell(form);
  form.dispatchEvent(new CustomEvent("keep:restored", { bubbles: true, detail: { names: back } }));
}

function tell(form) {
  const notice = document.createElement("div");
  notice.className = "notice notice-done keep-notice";
  notice.setAttribute("role", "status");
  notice.dataset.stays = "";
  const words = document.createElement("span");
  words.textContent = "Votre saisie a été retrouvée.";
  const again = document.createElement("button");
  again.type = "button";
  again.className = "link";
  again.textContent = "Repartir de zéro";
  again.addEventListener("click", () => {
    form.reset();
    forget(form);
    notice.remove();
    [...form.elements].find((field) => isKept(field) && field.checkVisibility())?.focus();
  });
  notice.append(icon("restore"), words, again);
  const slot = form.querySelector("[data-keep-slot]");
  if (slot) slot.append(notice);
  else form.prepend(notice);
}

settlePage();
htmx.onLoad((content) => {
  const forms = content.querySelectorAll?.("form[data-keep]") ?? [];
  for (const form of content.matches?.("form[data-keep]") ? [content, ...forms] : forms) arrive(form);
});
