// <button data-reveal="id of the field" aria-pressed="false">: shows what was typed in a password field.

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  field.focus();
});

// A browser remembers and may show elsewhere what was sent from a field of type text.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll('[data-reveal][aria-pressed="true"]')) {
    document.getElementById(button.dataset.reveal).type = "password";
    button.setAttribute("aria-pressed", "false");
  }
});
