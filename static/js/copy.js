// <button data-copy="id of the field">: copies what is in it; without a clipboard it is selected, ready for Ctrl+C.
//
// The field is selected on focus too, so that the keyboard alone does it.

import { show } from "./toast.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
    show({ text: "Lien copié." });
  } catch {
    // Not over HTTPS, or refused by the browser.
    field.focus();
    field.select();
    show({ text: "Le lien est sélectionné : copiez-le avec Ctrl + C.", level: "info" });
  }
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-copy-from]")) event.target.select();
});
