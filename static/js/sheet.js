// The client's form: turning it by a switch, a civility or a checkbox; rows added from a <template>, rows removed.
//
// form[data-sheet]            the form; it is sent again as it stands, writing nothing, and what comes back is laid over
//                             #fiche-all, so that focus and scroll stay where they are
// [data-turns], [data-turn]   buttons and checkboxes that do it, as do the civility, Parrainage and « Proposer »
// [data-add="kind"]           adds a copy of <template data-blank="kind"> to [data-rows="kind"]
// [data-row-remove]           removes the row; one that is stored is ticked as gone
// .field[data-missing]        asked for by URSSAF and empty when the page came; [data-missing-count], [data-missing-in]

import htmx from "htmx.org";

document.documentElement.classList.add("js");

const ALL = "#fiche-all";
const TURNED_BY = "button[data-turns], button[name='propose']";

const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
const stateOf = (field) => (isTicked(field) ? field.checked : field.value);
const fieldsOf = (form) => [...form.elements].filter((field) => field.id && field.type !== "hidden");
const snapshot = (form) => new Map(fieldsOf(form).map((field) => [field.id, stateOf(field)]));

// What was typed between the question and its answer is newer than the answer.
let asked = new Map();
let newer = [];

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  const form = target.matches?.(ALL) && target.querySelector("form[data-sheet]");
  if (!form) return;
  newer = [...snapshot(form)].filter(([id, state]) => asked.has(id) && asked.get(id) !== state);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, state] of newer) {
    const field = document.getElementById(id);
    if (!field || field.type === "hidden") continue;
    if (isTicked(field)) field.checked = state;
    else if (field.value !== state) field.value = state;
  }
  newer = [];
});

function turn(form, name = "turn", value = "1") {
  asked = snapshot(form);
  htmx.ajax("POST", form.action, {
    // Not the form itself: it is not being sent (keep.js, once.js).
    source: form.querySelector(".formbar"),
    values: { [name]: value },
    target: ALL,
    select: ALL,
    swap: "morph:outerHTML",
  });
}

// Does what is chosen belong to another face than the one that shows?
function isOfAnotherFace(form) {
  const { civility, sheet, is_urssaf: urssaf, is_referred: referred } = form.elements;
  const differs = (box, word) => box?.type === "checkbox" && box.checked !== sheet.value.includes(word);
  if (differs(urssaf, "is_urssaf") || differs(referred, "is_referred")) return true;
  const group = civility.selectedOptions[0]?.parentElement.label;
  return Boolean(group) && (group === "Professionnel") !== sheet.value.startsWith("professionnel");
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest?.("form[data-sheet]");
  if (form && target.matches("[data-turn], [name='civility'], [name='is_referred']") && isOfAnotherFace(form)) turn(form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(TURNED_BY);
  if (!button?.form?.matches("[data-sheet]")) return;
  event.preventDefault();
  turn(button.form, button.name, button.value);
});

document.addEventListener("keep:restored", ({ target: form }) => {
  if (form.matches("[data-sheet]") && isOfAnotherFace(form)) turn(form);
});

// What was kept of a lost page and does not show: rows are added for it, hidden fields take it.
document.addEventListener("keep:missing", (event) => {
  const form = event.target;
  if (!form.matches("[data-sheet]")) return;
  for (const name of event.detail.names) {
    const [, kind, number] = /^(address|contact)-(\d{1,2})-/.exec(name) ?? [];
    while (kind && Number(form.querySelector(`[data-count="${kind}"]`).value) <= Number(number)) {
      addRow(form, kind, { focus: false });
    }
    const field = form.elements[name];
    if (field?.type === "hidden") field.value = event.detail.values[name][0] ?? "";
  }
});

document.addEventListener("click", (event) => {
  const add = event.target.closest?.("[data-add]");
  const remove = event.target.closest?.("[data-row-remove]");
  if (add) {
    event.preventDefault();
    addRow(add.form, add.dataset.add);
  }
  if (remove) {
    event.preventDefault();
    const row = remove.closest("[data-row]");
    row.querySelector("[data-row-gone]").checked = true;
    row.dataset.gone = "";
    row.closest("form").querySelector("[data-add]").focus();
  }
});

function addRow(form, kind, { focus = true } = {}) {
  const count = form.querySelector(`[data-count="${kind}"]`);
  const number = Number(count.value);
  const copy = document.querySelector(`template[data-blank="${kind}"]`).content.cloneNode(true);
  for (const element of copy.querySelectorAll("*")) {
    for (const attribute of [...element.attributes]) {
      if (attribute.value.includes("__n__")) {
        element.setAttribute(attribute.name, attribute.value.replaceAll("__n__", number));
      }
    }
  }
  count.value = number + 1;
  const rows = form.querySelector(`[data-rows="${kind}"]`);
  rows.append(copy);
  if (focus) rows.lastElementChild.querySelector("input:not([type=hidden], [data-row-gone]), select")?.focus();
}

// What URSSAF asks for and is being filled is asked for no longer: marks and counts follow the typing.
function recount(form) {
  const count = (part) => part?.querySelectorAll(".is-missing").length ?? 0;
  const all = form.querySelector("[data-missing-count]");
  if (all) {
    const left = count(form);
    all.hidden = left === 0;
    all.textContent = left > 1 ? `${left} champs manquants` : `${left} champ manquant`;
    const [first] = form.querySelectorAll(".is-missing :is(input, select, textarea)");
    if (first) all.setAttribute("href", `#${first.id}`);
  }
  for (const number of form.querySelectorAll("[data-missing-in]")) {
    const left = count(document.getElementById(number.closest("a").hash.slice(1)));
    number.textContent = left;
    number.parentElement.hidden = left === 0;
  }
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, ({ target }) => {
    const field = target.closest?.("form[data-sheet] .field[data-missing]");
    if (!field) return;
    field.classList.toggle("is-missing", target.value.trim() === "");
    recount(target.form);
  });
}
