// The lines of a draft by keyboard, as in a spreadsheet: Enter and arrows change of line, Ctrl+Suppr removes one,
// which « Annuler » puts back; the row at the bottom adds. Moving is reorder.js, saving is cells.js.
//
// [data-reorder-key] in [data-paper]     a line, its controls are .cell
// [data-line-remove], form[data-line-restore], form[data-line-proposed], form#ajout
// input[data-document-article="address"] an article by its code or its words; what is chosen leads to the quantity

import { apply, queue, send, tellSaved } from "./cells.js";
import { askFor, suggest } from "./suggest.js";
import { show } from "./toast.js";

const ROW = "[data-paper] [data-reorder-key]";
const article = () => document.getElementById("ajout-article");
const quantity = () => document.getElementById("ajout-quantity");
const rows = () => [...document.querySelectorAll(ROW)];

function enter(cell) {
  cell.focus();
  cell.scrollIntoView({ block: "nearest" });
  cell.select?.();
}

const cellIn = (row, name) => row.querySelector(`.cell[name="${name}"]`) ?? row.querySelector(".cell");

function goTo(row, name) {
  if (row?.matches("[data-reorder-key]")) enter(cellIn(row, name));
  else if (row === null) enter(name === "quantity" ? quantity() : article());
}

// In a text of several lines an arrow moves in the text first.
function isAtEdge(cell, down) {
  if (cell.tagName === "SELECT") return false;
  if (cell.tagName !== "TEXTAREA" || cell.clientHeight < 40) return true;
  const isWhole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  return isWhole || (down ? cell.selectionStart === cell.value.length : cell.selectionEnd === 0);
}

document.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!cell.matches?.("[data-paper] .cell") || event.isComposing) return;
  const row = cell.closest(ROW);
  if (!row) {
    fromAddRow(event, cell);
    return;
  }
  if (event.key === "Delete" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    remove(row, cell.name);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key === "Enter" || (event.key === "ArrowDown" && isAtEdge(cell, true))) {
    event.preventDefault();
    goTo(row.nextElementSibling, cell.name);
  } else if (event.key === "ArrowUp" && isAtEdge(cell, false)) {
    event.preventDefault();
    if (row.previousElementSibling) goTo(row.previousElementSibling, cell.name);
  }
});

function fromAddRow(event, cell) {
  const isFree = !event.defaultPrevented && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (event.key !== "ArrowUp" || !isFree || !cell.form?.matches("#ajout")) return;
  const last = rows().at(-1);
  if (!last || cell.getAttribute("aria-expanded") === "true") return;
  event.preventDefault();
  enter(cellIn(last, cell.name === "article" ? "label" : cell.name));
}

// A cell entered by Tab is there to be written over.
document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.(`${ROW} input.cell:not([type="checkbox"])`)) target.select();
});

// ---- removing, putting back ---------------------------------------------------------------------------------------

const bodyOf = (form) => new FormData(form);

function fail({ reason }) {
  show({ text: reason ?? "Ce changement n’est plus possible. Rechargez la page.", level: "error" });
}

function remove(row, name) {
  const button = row.querySelector("[data-line-remove]");
  const token = button.form.elements.csrfmiddlewaretoken.value;
  return queue(async () => {
    if (!row.isConnected) return;
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    const answer = await send(button.getAttribute("formaction"), [["csrfmiddlewaretoken", token]]);
    if (!answer.ok) {
      fail(answer);
      return;
    }
    // Nothing of it is worth keeping any more.
    row.remove();
    apply(answer.html);
    tellSaved();
    goTo(neighbour?.isConnected ? neighbour : null, name);
  });
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (submitter?.matches("[data-paper] [data-line-remove]")) {
    event.preventDefault();
    remove(submitter.closest(ROW), "label");
  } else if (form.matches("[data-line-restore]") && document.querySelector("[data-paper]")) {
    event.preventDefault();
    const known = new Set(rows().map((row) => row.id));
    queue(async () => {
      const answer = await send(form.getAttribute("action"), bodyOf(form));
      if (!answer.ok) {
        fail(answer);
        return;
      }
      form.closest(".toast-line").remove();
      apply(answer.html);
      tellSaved();
      goTo(rows().find((row) => !known.has(row.id)) ?? null, "label");
    });
  }
});

// ---- adding ---------------------------------------------------------------------------------------------------------

suggest({
  own: "input[data-document-article]",
  label: "Articles",
  async ask(field, signal) {
    if (field.value.trim().length < 2) return null;
    const answer = await askFor(field.dataset.documentArticle, { q: field.value.trim() }, signal);
    return { ...answer, found: (answer.articles ?? []).map((one) => ({ ...one, text: one.label, end: one.code })) };
  },
  choose(field, found) {
    field.value = found.code;
    enter(quantity());
  },
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("[data-paper] #ajout, [data-paper] [data-line-proposed]")) return;
  event.preventDefault();
  const typed = [article().value, quantity().value];
  const wanted = [...bodyOf(form)].filter(([name]) => name !== "token" && name !== "csrfmiddlewaretoken");
  if (submitter?.name) wanted.push([submitter.name, submitter.value]);
  // The next one may be typed at once.
  article().value = quantity().value = "";
  enter(article());
  queue(() => add(wanted, typed));
});

async function add(wanted, typed, token) {
  const form = document.getElementById("ajout");
  const once = token ?? form.elements.token.value;
  const own = [["token", once], ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value]];
  const answer = await send(form.getAttribute("action"), [...own, ...wanted]);
  const isFree = !article().value && !quantity().value;
  if (answer.ok) {
    apply(answer.html);
    tellSaved();
    document.getElementById("corps").lastElementChild?.scrollIntoView({ block: "nearest" });
    article().scrollIntoView({ block: "nearest" });
    return;
  }
  if (answer.html && (answer.status === 422 || answer.status === 409)) apply(answer.html);
  else lost(answer, wanted, typed, once);
  if (isFree) [article().value, quantity().value] = typed;
}

// What did not get through is sent again as the same one: it adds one line.
function lost({ reason }, wanted, typed, token) {
  document.getElementById("ajout-perdu")?.remove();
  const told = document.createElement("p");
  told.className = "cell-told";
  told.id = "ajout-perdu";
  told.setAttribute("role", "alert");
  told.dataset.stays = "";
  const retry = document.createElement("button");
  retry.type = "button";
  retry.className = "link";
  retry.textContent = "Réessayer";
  retry.addEventListener("click", () => {
    told.remove();
    article().value = quantity().value = "";
    enter(article());
    queue(() => add(wanted, typed, token));
  });
  told.append(reason ?? "Pas ajouté.", " ", retry);
  article().parentElement.append(told);
}

// ---- the order that reorder.js keeps brings numbers and subtotals ----------------------------------------------

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.elt?.matches?.("[data-paper] [data-reorder]") || !detail.successful) return;
  apply(detail.xhr.responseText);
  tellSaved();
});


