// What is typed in a form[data-keep="key"] survives a lost session, a closed tab or a broken answer. In this tab
// (sessionStorage, twelve hours) it comes back by itself with a notice; after a crash or in another tab (localStorage,
// three days) it is offered: « Reprendre la saisie » or « Abandonner ». Received by the server, it is gone from both.
//
// What the form showed when it was opened (its hidden `seen` fields) waits along: given back over a record that
// somebody changed meanwhile, the server sees the clash and shows both values.
//
// form[data-bound]          the server gave back what was typed (a refused form, a switch of mode): nothing to restore
// [data-keep-slot]          where in the form the notice goes; else it comes first
// [data-no-keep]            a field that is never stored (nor are passwords, files and hidden fields)
// [data-no-draft]           a field that waits in this tab only, never on the machine (birth)
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
const DRAFT_LIFE = 3 * 24 * 3_600_000;
const PAUSE = 250;
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image", "fieldset", "output"]);

// ---- the stores: {owner, at, sent, values: {name: [value, …]}, seen: {hidden field: {name: value}}} by key ----------

function parse(key, store = sessionStorage) {
  try {
    return JSON.parse(store.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

function read(key, store = sessionStorage) {
  const entry = parse(key, store);
  const life = store === localStorage ? DRAFT_LIFE : LIFE;
  const valid = entry && entry.owner === document.body.dataset.user && Date.now() - entry.at < life;
  return valid ? entry : null;
}

function write(key, entry, store = sessionStorage) {
  try {
    store.setItem(PREFIX + key, JSON.stringify(entry));
  } catch {
    // A full or forbidden store takes this comfort away, nothing else.
  }
}

function drop(key) {
  sessionStorage.removeItem(PREFIX + key);
  localStorage.removeItem(PREFIX + key);
}

const keys = (store = sessionStorage) =>
  Object.keys(store)
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

// ---- what the form showed when it was opened ------------------------------------------------------------------

const seenFields = (form) => [...form.elements].filter((field) => field.type === "hidden" && /(^|-)seen$/.test(field.name));

function shown(field) {
  try {
    return JSON.parse(field.value) ?? {};
  } catch {
    return {};
  }
}

function seenOf(form, names) {
  const seen = {};
  for (const field of seenFields(form)) {
    const prefix = field.name.slice(0, -"seen".length);
    const known = Object.entries(shown(field)).filter(([name]) => names.includes(prefix + name));
    if (known.length) seen[field.name] = Object.fromEntries(known);
  }
  return seen;
}

function putSeen(form, seen = {}) {
  for (const field of seenFields(form)) {
    if (seen[field.name]) field.value = JSON.stringify({ ...shown(field), ...seen[field.name] });
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
  const key = form.dataset.keep;
  const entry = read(key) ?? { values: {}, sent: false };
  for (const name of touched.get(form)) entry.values[name] = valuesOf(form, name);
  const owner = { owner: document.body.dataset.user, at: Date.now() };
  write(key, { ...entry, ...owner, seen: seenOf(form, Object.keys(entry.values)) });
  const isPrivate = (name) => named(form, name).some((field) => field.matches("[data-no-draft]"));
  const values = Object.fromEntries(Object.entries(entry.values).filter(([name]) => !isPrivate(name)));
  write(key, { ...owner, values, seen: seenOf(form, Object.keys(values)) }, localStorage);
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
  [...keys(), ...keys(localStorage)].forEach(drop);
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
  for (const key of keys(localStorage)) if (!read(key, localStorage)) localStorage.removeItem(PREFIX + key);
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
  if (isBound(form)) return;
  const entry = read(form.dataset.keep);
  if (entry) {
    if (giveBack(form, entry)) tell(form);
  } else {
    offer(form);
  }
}

function giveBack(form, entry) {
  const missing = Object.keys(entry.values).filter((name) => named(form, name).length === 0);
  if (missing.length) {
    form.dispatchEvent(new CustomEvent("keep:missing", { bubbles: true, detail: { names: missing, values: entry.values } }));
  }
  const back = differing(form, entry);
  if (back.length === 0) return false;
  for (const name of back) fill(form, name, entry.values[name]);
  putSeen(form, entry.seen);
  touched.set(form, new Set(back));
  form.dispatchEvent(new CustomEvent("keep:restored", { bubbles: true, detail: { names: back } }));
  return true;
}

const differing = (form, entry) =>
  Object.keys(entry.values).filter(
    (name) => named(form, name).length > 0 && !same(valuesOf(form, name), entry.values[name]),
  );

const filesOf = (form) => (form.querySelector("[type='file']") ? " Les fichiers sont à choisir de nouveau." : "");

function offer(form) {
  const entry = read(form.dataset.keep, localStorage);
  if (!entry) return;
  const isNews = Object.entries(entry.values).some(([name, values]) =>
    named(form, name).length ? !same(valuesOf(form, name), values) : values.some(Boolean),
  );
  if (!isNews) {
    drop(form.dataset.keep);
    return;
  }
  const at = new Date(entry.at).toLocaleString("fr-FR", { dateStyle: "long", timeStyle: "short" });
  const isPrivate = form.querySelector("[data-no-draft], [data-no-keep], [type='password']");
  const retype = isPrivate ? " Les champs confidentiels n’y sont pas." : "";
  notify(form, `Une saisie du ${at} n’a pas été enregistrée.${retype}${filesOf(form)}`, {
    "Reprendre la saisie": () => {
      giveBack(form, entry);
      if (touched.has(form)) save(form);
    },
    Abandonner: () => drop(form.dataset.keep),
  });
}

function tell(form) {
  notify(form, `Votre saisie a été retrouvée.${filesOf(form)}`, {
    "Repartir de zéro": () => {
      form.reset();
      forget(form);
    },
  });
}

function notify(form, text, answers) {
  const notice = document.createElement("div");
  notice.className = "notice notice-done keep-notice";
  notice.setAttribute("role", "status");
  notice.dataset.stays = "";
  const words = document.createElement("span");
  words.textContent = text;
  notice.append(icon("restore"), words);
  for (const [label, act] of Object.entries(answers)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = label;
    button.addEventListener("click", () => {
      act();
      notice.remove();
      [...form.elements].find((field) => isKept(field) && field.checkVisibility())?.focus();
    });
    notice.append(button);
  }
  const slot = form.querySelector("[data-keep-slot]");
  if (slot) slot.append(notice);
  else form.prepend(notice);
}

settlePage();
htmx.onLoad((content) => {
  const forms = content.querySelectorAll?.("form[data-keep]") ?? [];
  for (const form of content.matches?.("form[data-keep]") ? [content, ...forms] : forms) arrive(form);
});
