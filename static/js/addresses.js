// The street of an address: five letters propose whole addresses, and choosing one fills every field of the place.
//
// [data-address]     holds the fields; it or an ancestor says where to ask: data-addresses="address"
// [data-place=…]     street is needed; number, postcode, city, city_code, country, country_code, latitude, longitude
//                    are filled where they are; a number that does not show goes before the street

import { isPlainKey } from "./dom.js";

const FEWEST = 5;
const PAUSE = 250;
const PATIENCE = 4_000;
const FRANCE = "99100";
const NUMBERED = /^\s*(\d{1,5}(?:\s*(?:bis|ter|quater|[a-d])\b)?)[\s,]+/i;

const states = new WeakMap();
let lists = 0;
let filling = false;

const fieldOf = (box, name) => box.querySelector(`[data-place="${name}"]`);
const valueOf = (box, name) => fieldOf(box, name)?.value.trim() ?? "";
const isShown = (field) => field !== null && field.type !== "hidden";
const isFrance = (box) => ["", "FR"].includes(valueOf(box, "country"));
const optionsOf = ({ list }) => [...list.children];
const activeOf = ({ list }) => list.querySelector('[aria-selected="true"]');

function set(field, value) {
  if (!field || field.value === value) return;
  filling = true;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  filling = false;
}

// What a place says goes into the fields that the form has. A number that was typed outlives a street without one,
// and a complement outlives all but a whole other address (a company's).
export function fillAddress(box, place, { whole = false } = {}) {
  const number = fieldOf(box, "number");
  const street = fieldOf(box, "street");
  const typed = (isShown(number) && number.value.trim()) || (NUMBERED.exec(street?.value ?? "")?.[1] ?? "");
  const at = place.number || (whole ? "" : typed);
  set(number, isShown(number) ? at : "");
  set(street, isShown(number) ? place.street : `${at} ${place.street}`.trim());
  set(fieldOf(box, "country"), "FR");
  set(fieldOf(box, "postcode"), place.postcode);
  set(fieldOf(box, "city"), place.city);
  set(fieldOf(box, "city_code"), place.city_code);
  set(fieldOf(box, "country_code"), FRANCE);
  if (place.complement || whole) set(fieldOf(box, "complement"), place.complement);
  set(fieldOf(box, "latitude"), String(place.latitude ?? ""));
  set(fieldOf(box, "longitude"), String(place.longitude ?? ""));
}

export const isEmptyAddress = (box) => ["street", "postcode", "city"].every((name) => valueOf(box, name) === "");

function stateOf(field) {
  const known = states.get(field);
  if (known?.list.isConnected) return known;
  const list = document.createElement("div");
  const status = document.createElement("p");
  list.className = "suggest";
  list.id = `addresses-${(lists += 1)}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Adresses");
  status.className = "hint";
  status.setAttribute("role", "status");
  field.after(list, status);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  // The browser would propose the colleague's own address over the list.
  field.autocomplete = "off";
  const state = { field, list, status, timer: 0, request: null, places: [] };
  states.set(field, state);
  return state;
}

function activate(state, option) {
  for (const other of optionsOf(state)) other.setAttribute("aria-selected", String(other === option));
  if (option) state.field.setAttribute("aria-activedescendant", option.id);
  else state.field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function close(state) {
  state.list.hidden = true;
  state.field.setAttribute("aria-expanded", "false");
  activate(state, null);
}

function forget(state) {
  clearTimeout(state.timer);
  state.request?.abort();
  state.request = null;
}

function open(state) {
  if (document.activeElement !== state.field || !state.places.length) return;
  state.list.style.top = `${state.field.offsetTop + state.field.offsetHeight}px`;
  state.list.hidden = false;
  state.field.setAttribute("aria-expanded", "true");
}

function propose(state, answer) {
  state.places = answer.addresses ?? [];
  // Nothing found is said nowhere: the address may well be right. A service that is silent is.
  state.status.textContent = answer.ok ? "" : (answer.reason ?? "");
  state.list.replaceChildren(
    ...state.places.map((place, number) => {
      const option = document.createElement("div");
      option.id = `${state.list.id}-${number + 1}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = place.label;
      return option;
    }),
  );
  if (state.places.length) open(state);
  else close(state);
}

function choose(state, option) {
  const place = state.places[optionsOf(state).indexOf(option)];
  forget(state);
  close(state);
  fillAddress(state.field.closest("[data-address]"), place);
  state.list.replaceChildren();
  state.places = [];
}

async function ask(state, address, query) {
  state.request?.abort();
  const request = new AbortController();
  state.request = request;
  const late = setTimeout(() => request.abort(), PATIENCE);
  try {
    const answer = await fetch(`${address}?${new URLSearchParams(query)}`, {
      headers: { Accept: "application/json" },
      signal: request.signal,
    });
    // Anything else, like the page of a lost session, proposes nothing.
    const told = answer.ok ? await answer.json() : { ok: true };
    if (state.request === request) propose(state, told);
  } catch {
    // Given up, or no network: the address is typed by hand.
  } finally {
    clearTimeout(late);
  }
}

function look(state, box) {
  const address = box.closest("[data-addresses]")?.dataset.addresses;
  const street = state.field.value.trim();
  if (!address || street.length < FEWEST || !isFrance(box)) return;
  const number = isShown(fieldOf(box, "number")) ? valueOf(box, "number") : "";
  const postcode = valueOf(box, "postcode").replace(/\s/g, "");
  const isWhole = /^\d{5}$/.test(postcode);
  const words = [number, street, isWhole ? "" : valueOf(box, "city")].filter(Boolean).join(" ");
  const query = isWhole ? { q: words, cp: postcode } : { q: words };
  state.timer = setTimeout(() => ask(state, address, query), PAUSE);
}

function own({ target }) {
  if (!target.matches?.('input[data-place="street"]')) return null;
  const box = target.closest("[data-address]");
  return box?.closest("[data-addresses]") ? { box, state: stateOf(target) } : null;
}

document.addEventListener("focusin", own);

document.addEventListener("input", (event) => {
  const mine = filling ? null : own(event);
  if (!mine) return;
  forget(mine.state);
  close(mine.state);
  mine.state.places = [];
  mine.state.list.replaceChildren();
  if (event.target === document.activeElement) look(mine.state, mine.box);
});

document.addEventListener("keydown", (event) => {
  const mine = isPlainKey(event) ? own(event) : null;
  if (!mine) return;
  const { state } = mine;
  const active = activeOf(state);
  if (event.key === "Escape" && !state.list.hidden) {
    event.preventDefault();
    close(state);
  } else if (/^Arrow(Up|Down)$/.test(event.key) && state.places.length) {
    event.preventDefault();
    if (state.list.hidden) open(state);
    const options = optionsOf(state);
    const here = options.indexOf(active);
    const next = event.key === "ArrowDown" ? here + 1 : here <= 0 ? options.length - 1 : here - 1;
    activate(state, options[next % options.length]);
  } else if (event.key === "Enter" && !state.list.hidden && active) {
    event.preventDefault();
    choose(state, active);
  }
});

document.addEventListener("focusout", (event) => {
  const mine = own(event);
  if (!mine) return;
  forget(mine.state);
  close(mine.state);
});

// places.js keeps the focus in the field while a list is pressed.
document.addEventListener("click", (event) => {
  const option = event.target.closest?.('.suggest > [role="option"]');
  const field = option && document.querySelector(`[aria-controls="${option.parentElement.id}"][data-place="street"]`);
  if (field) choose(stateOf(field), option);
});
