// <details data-drop>: a small box hung under its summary. It opens without script; this closes it by Escape or by a
// click elsewhere. In [data-columns], a list that a person composes, the arrows move a line at once, without a round
// trip; « Appliquer » keeps it.

const opened = () => [...document.querySelectorAll("details[data-drop][open]")];

document.addEventListener("click", (event) => {
  for (const drop of opened()) if (!drop.contains(event.target)) drop.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const drop of opened()) {
    const had = drop.contains(document.activeElement);
    drop.open = false;
    if (had) drop.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('[data-columns] button:is([name="up"], [name="down"])');
  if (!button) return;
  event.preventDefault();
  const line = button.closest("li");
  const neighbour = button.name === "up" ? line.previousElementSibling : line.nextElementSibling;
  if (!neighbour) return;
  if (button.name === "up") line.after(neighbour);
  else line.before(neighbour);
  button.focus();
});
