// Choosing rows of a list: [data-pick] are the boxes of the rows, [data-pick-all] ticks those of the page,
// [data-pick-whole] stands for all the matches, [data-picked] says how many, its value of what (one,several); Shift takes a run of rows.
// The bar of actions shows by CSS as soon as one is ticked. [data-pick-count] repeats the count of the page's title.

const boxes = () => [...document.querySelectorAll("[data-pick]")];
let last = null;

function tell() {
  const all = document.querySelector("[data-pick-all]");
  const said = document.querySelector("[data-picked]");
  if (!all || !said) return;
  const rows = boxes();
  const ticked = rows.filter((box) => box.checked).length;
  const whole = document.querySelector("[data-pick-whole]")?.checked;
  all.checked = rows.length > 0 && ticked === rows.length;
  all.indeterminate = ticked > 0 && ticked < rows.length;
  const count = document.querySelector("#count.num")?.textContent.trim().replace(/\sclients?$/, "");
  said.textContent = whole
    ? "Tous les résultats"
    : `${ticked}\u00a0${(said.dataset.picked || "fiche cochée,fiches cochées").split(",")[ticked > 1 ? 1 : 0]}`;
  const told = document.querySelector("[data-pick-count]");
  if (told) told.textContent = count ? ` (${count})` : "";
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-pick]");
  if (!box) return;
  const rows = boxes();
  const [here, there] = [rows.indexOf(box), rows.indexOf(last)];
  if (event.shiftKey && there >= 0) {
    for (const one of rows.slice(Math.min(here, there), Math.max(here, there) + 1)) one.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const all = event.target.closest?.("[data-pick-all]");
  if (all) for (const box of boxes()) box.checked = all.checked;
  if (event.target.closest?.("[data-pick], [data-pick-all], [data-pick-whole]")) tell();
});

document.addEventListener("reset", (event) => {
  // The boxes themselves are reset after the event; those of other ways in (back button) are not remembered.
  if (event.target.id === "selection") setTimeout(tell);
});

document.addEventListener("htmx:afterSettle", tell);
document.addEventListener("DOMContentLoaded", tell);
