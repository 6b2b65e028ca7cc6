// A list whose order counts: drag a row by its handle, press its Monter and Descendre, or Alt and an arrow in it.
//
// [data-reorder="id"]        the rows' parent; the form of that id knows the address, and without script it is sent
//                            by the rows' own buttons (name="up" or "down")
// [data-reorder-key]         a row; [data-reorder-label] is its name for who listens
// [data-reorder-handle]      where a pointer takes it
// [data-reorder-status]      id of the live region that says where the row went
//
// Each move is saved at once. The neighbours move around the row, never the row itself: it keeps focus and pointer.

import htmx from "htmx.org";

const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-reorder-key]")];
const orderOf = (list) => rowsOf(list).map((row) => row.dataset.reorderKey);
const same = (some, others) => some.join() === others.join();

// What the server holds, to come back to when it refuses or does not answer.
const saved = new WeakMap();
const savedOf = (list) => saved.get(list) ?? saved.set(list, orderOf(list)).get(list);

function shift(row, step) {
  const neighbour = step < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!neighbour) return false;
  if (step < 0) row.after(neighbour);
  else row.before(neighbour);
  return true;
}

function restore(list, order) {
  const rows = new Map(rowsOf(list).map((row) => [row.dataset.reorderKey, row]));
  const focused = document.activeElement;
  for (const key of order) if (rows.has(key)) list.append(rows.get(key));
  if (list.contains(focused)) focused.focus({ preventScroll: true });
}

function tell(list, row) {
  const region = document.getElementById(list.dataset.reorderStatus);
  const rows = rowsOf(list);
  if (!region) return;
  region.textContent = `${row.dataset.reorderLabel}\u00a0: ligne ${rows.indexOf(row) + 1} sur ${rows.length}`;
}

function save(list) {
  const order = orderOf(list);
  if (same(order, savedOf(list))) return;
  const { action } = document.getElementById(list.dataset.reorder);
  // While one is on its way htmx keeps the last of those that follow. Failures are told by htmx-setup.js.
  htmx.ajax("POST", action, { source: list, swap: "none", values: { key: order } }).catch(() => {});
}

document.addEventListener("htmx:afterRequest", (event) => {
  const list = event.detail.elt;
  if (!list?.matches?.("[data-reorder]")) return;
  if (event.detail.successful) saved.set(list, [].concat(event.detail.requestConfig.parameters.key));
  else restore(list, savedOf(list));
});

function step(row, by) {
  const list = row.parentElement;
  savedOf(list);
  if (!shift(row, by)) return;
  row.scrollIntoView({ block: "nearest" });
  tell(list, row);
  save(list);
}

// ---- buttons and keys -------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const row = button?.closest("[data-reorder-key]");
  if (!row || row.parentElement.dataset.reorder !== event.target.id) return;
  event.preventDefault();
  step(row, button.name === "up" ? -1 : 1);
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
  const row = event.target.closest?.("[data-reorder-key]");
  if (!row) return;
  event.preventDefault();
  step(row, event.key === "ArrowUp" ? -1 : 1);
});

// ---- pointer ----------------------------------------------------------------------------------------------

let held = null;

// The bars that stick to the top hide what is under them: the page is moved before the pointer gets there.
const EDGE = 80;
const PACE = 10;

function follow(row, y) {
  const middle = (other) => other.getBoundingClientRect().top + other.getBoundingClientRect().height / 2;
  while (row.previousElementSibling && y < middle(row.previousElementSibling)) shift(row, -1);
  while (row.nextElementSibling && y > middle(row.nextElementSibling)) shift(row, 1);
}

function creep() {
  if (!held) return;
  if (held.y < EDGE) scrollBy(0, -PACE);
  else if (held.y > innerHeight - EDGE) scrollBy(0, PACE);
  follow(held.row, held.y);
  requestAnimationFrame(creep);
}

function release(back) {
  const { row, list, handle, pointer, order } = held;
  held = null;
  delete row.dataset.reorderHeld;
  if (handle.hasPointerCapture(pointer)) handle.releasePointerCapture(pointer);
  if (back) restore(list, order);
  else if (!same(order, orderOf(list))) {
    tell(list, row);
    save(list);
  }
}

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-reorder-handle]");
  const row = handle?.closest("[data-reorder-key]");
  if (!row || event.button !== 0 || held) return;
  // No text is selected on the way.
  event.preventDefault();
  const list = row.parentElement;
  savedOf(list);
  held = { row, list, handle, pointer: event.pointerId, order: orderOf(list), y: event.clientY };
  row.dataset.reorderHeld = "";
  handle.setPointerCapture(event.pointerId);
  requestAnimationFrame(creep);
});

document.addEventListener("pointermove", (event) => {
  if (held?.pointer !== event.pointerId) return;
  held.y = event.clientY;
  follow(held.row, held.y);
});

document.addEventListener("pointerup", (event) => {
  if (held?.pointer === event.pointerId) release(false);
});

document.addEventListener("pointercancel", (event) => {
  if (held?.pointer === event.pointerId) release(true);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !held) return;
  event.preventDefault();
  release(true);
});
