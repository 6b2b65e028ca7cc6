// Cells that save themselves: a control of a form[data-cells] inside [data-paper] is sent alone when it changes.
//
// [data-paper]          the sheet; #enregistre says when the last cell was saved
// form[data-cells]      knows the address; its hidden `seen` is what its cells showed, by name
// [data-part]           what an answer brings anew, laid over what has the same id; a row that is new joins #corps
// [data-toast]          a line for the foot of the screen
// [data-pending]        a cell whose value is not stored yet: nothing is laid over it, and the page is not left without
//                       asking. A refused or lost one keeps what was typed, with the reason under it.
//
// One request at a time, in the order of the changes: each is written over what the one before left.

import { Idiomorph } from "idiomorph";

const PATIENCE = 20_000;
const SILENT = "Pas enregistré\u00a0: le serveur n’a pas répondu.";
const LOST = "Pas enregistré\u00a0: votre session est terminée. Connectez-vous dans un autre onglet, puis réessayez.";
const REFUSED = "Pas enregistré\u00a0: le serveur a refusé ce changement. Rechargez la page.";
const BROKEN = "Pas enregistré\u00a0: le serveur a rencontré une erreur.";

const isBox = (cell) => cell.type === "checkbox";
const isCell = (target) => Boolean(target.form?.matches("[data-cells]") && target.closest("[data-paper]"));
const valueOf = (cell) => (isBox(cell) ? String(cell.checked) : cell.value);

export function shownOf(cell) {
  if (isBox(cell)) return String(cell.defaultChecked);
  if (cell.options) return [...cell.options].find((one) => one.defaultSelected)?.value ?? cell.options[0]?.value;
  return cell.defaultValue;
}

export function put(cell, value) {
  if (isBox(cell)) cell.checked = value === "true";
  else cell.value = value;
}

// ---- one after the other ---------------------------------------------------------------------------------

let last = Promise.resolve();
let waiting = 0;

export function queue(job) {
  waiting += 1;
  last = last.then(job).finally(() => (waiting -= 1));
  return last;
}

// { ok, html } or { ok: false, reason, json, html }
export async function send(address, body) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await answer.text();
    if (answer.redirected || answer.status === 401) return { ok: false, reason: LOST };
    if (answer.headers.get("Content-Type")?.includes("json")) return { ok: false, json: JSON.parse(text) };
    if (answer.ok) return { ok: true, html: text };
    return { ok: false, html: text, status: answer.status, reason: answer.status >= 500 ? BROKEN : REFUSED };
  } catch {
    return { ok: false, reason: SILENT };
  }
}

// ---- what comes back ---------------------------------------------------------------------------------------

const callbacks = {
  beforeNodeMorphed: (node) => !(node.matches?.("[data-pending]") ?? false),
  beforeNodeRemoved: (node) => !(node.matches?.("[data-stays], [data-pending]") ?? false),
  beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details")),
};

export function apply(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const part of parsed.querySelectorAll("[data-part]")) {
    if (part.parentElement.closest("[data-part]")) continue;
    const old = document.getElementById(part.id);
    if (old) Idiomorph.morph(old, part, { morphStyle: "outerHTML", ignoreActiveValue: true, callbacks });
    else if (part.matches("tr")) document.getElementById("corps").append(document.importNode(part, true));
  }
  for (const line of parsed.querySelectorAll("[data-toast]")) {
    document.getElementById("toasts").append(document.importNode(line, true));
  }
  document.dispatchEvent(new CustomEvent("cells:applied"));
}

export function tellSaved() {
  const place = document.getElementById("enregistre");
  if (!place) return;
  const failed = document.querySelector("[data-paper] [data-failed]");
  const at = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  place.textContent = failed ? "Une saisie n’est pas enregistrée" : `Enregistré à ${at}`;
}

// ---- under a cell ---------------------------------------------------------------------------------------------

const idOfTold = (cell) => `${cell.id}-dit`;

function hush(cell) {
  document.getElementById(idOfTold(cell))?.remove();
  cell.removeAttribute("aria-invalid");
  cell.removeAttribute("aria-describedby");
  delete cell.dataset.failed;
}

function tell(cell, text, answers = {}) {
  hush(cell);
  const told = document.createElement("p");
  told.className = "cell-told";
  told.id = idOfTold(cell);
  told.setAttribute("role", "alert");
  told.dataset.stays = "";
  const words = document.createElement("span");
  words.textContent = text;
  told.append(words);
  for (const [label, act] of Object.entries(answers)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = label;
    button.addEventListener("click", () => {
      cell.focus();
      act();
    });
    told.append(" ", button);
  }
  cell.dataset.failed = "";
  cell.setAttribute("aria-invalid", "true");
  cell.setAttribute("aria-describedby", told.id);
  (cell.closest(".cell-option") ?? cell).after(told);
  tellSaved();
}

function settle(cell) {
  delete cell.dataset.pending;
  hush(cell);
}

// ---- saving ---------------------------------------------------------------------------------------------------

export function save(cell) {
  cell.dataset.pending = "";
  return queue(() => write(cell));
}

async function write(cell) {
  // Removed meanwhile, or given back its old value.
  if (!cell.isConnected || !("pending" in cell.dataset)) return;
  const { form, name } = cell;
  const value = valueOf(cell);
  const body = [
    ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value],
    ["seen", form.elements.seen.value],
    ["champ", name],
  ];
  if (!isBox(cell)) body.push([name, value]);
  else if (cell.checked) body.push([name, "on"]);
  const answer = await send(form.getAttribute("action"), body);
  if (!answer.ok) {
    explain(cell, answer);
    return;
  }
  // What was typed meanwhile is newer, and its own request follows.
  if (valueOf(cell) === value) settle(cell);
  apply(answer.html);
  tellSaved();
}

function explain(cell, { json, reason }) {
  const theirs = json?.theirs?.[cell.name];
  const retry = { Réessayer: () => save(cell) };
  if (theirs) {
    choose(cell, theirs);
  } else if (json?.problems) {
    tell(cell, Object.values(json.problems).flat().join(" "));
  } else {
    tell(cell, reason ?? BROKEN, retry);
  }
}

// Another person wrote this cell: both values are there, and choosing one says that the other was seen.
function choose(cell, theirs) {
  const mine = cell.options ? cell.selectedOptions[0]?.text : cell.value;
  const note = () => {
    const { seen } = cell.form.elements;
    seen.value = JSON.stringify({ ...JSON.parse(seen.value), [cell.name]: theirs.raw });
  };
  const shown = isBox(cell) ? (theirs.raw === "True" ? "oui" : "non") : theirs.shown || "(vide)";
  tell(cell, `Enregistré entre-temps\u00a0: «\u00a0${shown}\u00a0».`, {
    "Prendre cette valeur": () => {
      note();
      put(cell, isBox(cell) ? theirs.raw.toLowerCase() : theirs.raw);
      if (!isBox(cell) && !cell.options) cell.defaultValue = theirs.raw;
      settle(cell);
      tellSaved();
    },
    [isBox(cell) ? "Garder la mienne" : `Garder «\u00a0${mine || "(vide)"}\u00a0»`]: () => {
      note();
      save(cell);
    },
  });
}

document.addEventListener("change", ({ target }) => {
  if (isCell(target)) save(target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !isCell(event.target)) return;
  const cell = event.target;
  if (valueOf(cell) === shownOf(cell) && !("pending" in cell.dataset)) return;
  event.preventDefault();
  put(cell, shownOf(cell));
  settle(cell);
  tellSaved();
  cell.select?.();
});

// Enter and Ctrl+Enter in a cell; without script the form sends its whole row.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-paper] form[data-cells]") || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  const cell = document.activeElement;
  if (isCell(cell) && valueOf(cell) !== shownOf(cell)) save(cell);
});

// ---- leaving --------------------------------------------------------------------------------------------------

// A button pressed right after typing waits for what is on its way.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!waiting || !document.querySelector("[data-paper]") || form.closest("[data-paper], #toasts")) return;
    if (form.matches("[data-cells]") || form.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    last.then(() => form.requestSubmit(submitter));
  },
  true,
);

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[href]");
    if (!waiting || !link || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if (!document.querySelector("[data-paper]") || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    last.then(() => location.assign(link.href));
  },
  true,
);

addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-paper] [data-pending]")) event.preventDefault();
});

// A field that grows with its text where the browser does not do it by itself.
if (!CSS.supports("field-sizing", "content")) {
  const grow = (area) => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  };
  const all = () => document.querySelectorAll("[data-paper] textarea.cell").forEach(grow);
  document.addEventListener("input", ({ target }) => target.matches?.("[data-paper] textarea.cell") && grow(target));
  document.addEventListener("cells:applied", all);
  all();
}
