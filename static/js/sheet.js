// The client's form: turning it by a civility or a checkbox, rows added from a <template>, rows removed.
//
// form[data-sheet]            the form; [data-turn] and the civility send it again as it stands, writing nothing
// [data-add="kind"]           adds a copy of <template data-blank="kind"> to [data-rows="kind"]
// [data-row-remove]           removes the row; one that is stored is ticked as gone

document.documentElement.classList.add("js");

function turn(form) {
  const button = document.createElement("button");
  button.type = "submit";
  button.name = "turn";
  button.value = "1";
  button.hidden = true;
  form.append(button);
  form.requestSubmit(button);
}

document.addEventListener("change", (event) => {
  const { target } = event;
  const form = target.closest?.("form[data-sheet]");
  if (!form) return;
  if (target.matches("[data-turn], [name='is_referred']")) turn(form);
  if (target.name === "civility" && target.value) {
    const professional = target.selectedOptions[0].parentElement.label === "Professionnel";
    if (professional !== form.elements.sheet.value.startsWith("professionnel")) turn(form);
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
    row.hidden = true;
    row.closest("form").querySelector("[data-add]").focus();
  }
});

function addRow(form, kind) {
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
  rows.lastElementChild.querySelector("input:not([type=hidden], [data-row-gone]), select")?.focus();
}
