// "?" and [data-dialog="id"] open a dialog; Ctrl+Enter validates the form where the cursor is, or the page's own
// when the cursor is nowhere.
// In a form[data-enter="next"], Enter goes to the next field: a long form is never sent half filled.

import { isPlainKey, isTyping, submittersOf } from "./dom.js";

const SKIPPED = new Set(["hidden", "submit", "button", "reset", "image", "fieldset", "output"]);

function primaryOf(form) {
  const buttons = submittersOf(form);
  return buttons.find((button) => button.matches("[data-primary]")) ?? buttons[0];
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  document.querySelector("[data-menu]:popover-open")?.hidePopover();
  dialog.showModal();
}

function goToNext(field) {
  const fields = [...field.form.elements].filter(
    (element) => !SKIPPED.has(element.type) && !element.disabled && element.checkVisibility(),
  );
  const next = fields[fields.indexOf(field) + 1] ?? primaryOf(field.form);
  next?.focus();
  if (next instanceof HTMLInputElement && isTyping(next)) next.select();
}

document.addEventListener("keydown", (event) => {
  const { form } = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
    const sent =
      (form instanceof HTMLFormElement && form) ||
      event.target.closest?.("form") ||
      document.querySelector("main [data-primary]")?.form;
    if (!sent) return;
    event.preventDefault();
    sent.requestSubmit(primaryOf(sent));
  } else if (!isPlainKey(event)) {
    return;
  } else if (event.key === "?" && !isTyping(event.target) && !document.querySelector("dialog[open]")) {
    if (!document.getElementById("shortcuts")) return;
    event.preventDefault();
    openDialog("shortcuts");
  } else if (event.key === "Enter" && form?.dataset?.enter === "next" && isOneLine(event.target)) {
    event.preventDefault();
    goToNext(event.target);
  }
});

function isOneLine(target) {
  return (target instanceof HTMLInputElement && isTyping(target)) || target instanceof HTMLSelectElement;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-dialog]");
  if (button) openDialog(button.dataset.dialog);
  // Outside of the box: the click then lands on the dialog itself, whose padding is inside a child.
  if (event.target instanceof HTMLDialogElement && event.target.matches("[data-light]")) event.target.close();
});
