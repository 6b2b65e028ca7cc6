// « Reprendre » under a field that somebody else changed meanwhile: takes the other person's value.
// [data-take] holds it, [data-take-into] names the field.

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-take]");
  const field = button && document.getElementById(button.dataset.takeInto);
  if (!field) return;
  const radio = field.querySelector?.(`input[type="radio"][value="${CSS.escape(button.dataset.take)}"]`);
  if (radio) {
    radio.click();
    radio.focus();
    return;
  }
  if (field.type === "checkbox") field.checked = button.dataset.take === "True";
  else field.value = button.dataset.take;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
});
