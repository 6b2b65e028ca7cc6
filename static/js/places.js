// The communes of an address: a complete postal code or three letters of the name propose them.
//
// [data-address]     holds the fields; it or an ancestor says where to ask: data-communes="address"
// [data-place=…]     postcode, city, city_code, country, country_code; only the first two are needed
//
// Choosing fills the city, its postal code and INSEE's codes; a later edit by hand takes the commune's code away,
// because a stale code is worse than none.

import { isPlainKey } from "./dom.js";

const FEWEST = 3;
const PAUSE = 150;
const FRANCE = "99100";

const waiting = new WeakMap();
let lists = 0;
let filling = false;

function partsOf(node) {
  const box = node instanceof Element ? node.closest("[data-address]") : null;
  if (!box) return null;
  const field = (name) => box.querySelector(`[data-place="${name}"]`);
  const parts = { box, postcode: field("postcode"), city: field("city"), country: field("country") };
  if (!parts.postcode || !parts.city) return null;
  return { ...parts, cityCode: field("city_code"), countryCode: field("country_code"), ...listOf(parts) };
}

// A row added later from a <template> has no list yet.
function listOf({ box, postcode, city }) {
  const known = city.parentElement.querySelector(":scope > .suggest");
  if (known) return { list: known, status: known.nextElementSibling };
  const list = document.createElement("div");
  const status = document.createElement("div");
  list.className = "suggest";
  list.id = `communes-${(lists += 1)}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Communes");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  city.after(list, status);
  for (const field of [postcode, city]) {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "false");
    // The browser would propose the colleague's own address over the list.
    field.autocomplete = "off";
  }
  waiting.set(box, { timer: 0, request: null });
  return { list, status };
}

const isFrance = ({ country }) => !country || ["", "FR"].includes(country.value);
const isOwn = (parts, field) => field === parts.postcode || field === parts.city;
const optionsOf = (list) => [...list.children];
const activeOf = (list) => list.querySelector('[aria-selected="true"]');

function key(text) {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe");
  return plain.replace(/[^a-z0-9]+/g, " ").trim();
}

function set(field, value) {
  if (!field || field.value === value) return;
  filling = true;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  filling = false;
}

function activate({ postcode, city, list }, option) {
  for (const other of optionsOf(list)) other.setAttribute("aria-selected", String(other === option));
  for (const field of [postcode, city]) {
    if (option && field === document.activeElement) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  }
  option?.scrollIntoView({ block: "nearest" });
}

function forget(parts) {
  const state = waiting.get(parts.box);
  clearTimeout(state.timer);
  state.request?.abort();
  state.request = null;
}

function close(parts) {
  parts.list.hidden = true;
  parts.status.textContent = "";
  for (const field of [parts.postcode, parts.city]) field.setAttribute("aria-expanded", "false");
  activate(parts, null);
}

function open(parts) {
  const { city, list, status } = parts;
  const field = document.activeElement;
  if (!isOwn(parts, field) || !list.children.length) return;
  // Under the field, whatever hint or error follows it.
  list.style.top = `${city.offsetTop + city.offsetHeight}px`;
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  const count = list.children.length;
  status.textContent = count > 1 ? `${count} communes` : "1 commune";
}

function optionOf(list, commune, number) {
  const option = document.createElement("div");
  const name = document.createElement("span");
  const end = document.createElement("span");
  option.id = `${list.id}-${number + 1}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  Object.assign(option.dataset, { code: commune.code, name: commune.name, postcode: commune.postcode });
  name.textContent = commune.name;
  end.className = "end";
  end.textContent = commune.postcode || `${commune.department}, plusieurs codes`;
  option.append(name, end);
  return option;
}

function fill(parts, commune) {
  forget(parts);
  close(parts);
  parts.list.replaceChildren();
  set(parts.city, commune.name);
  set(parts.postcode, commune.postcode);
  set(parts.cityCode, commune.code);
  set(parts.countryCode, FRANCE);
  // Of several postal codes none is guessed: it is the next thing to type.
  if (!commune.postcode) parts.postcode.focus();
}

async function ask(parts, query) {
  const address = parts.box.closest("[data-communes]")?.dataset.communes;
  if (!address) return;
  const request = new AbortController();
  waiting.get(parts.box).request = request;
  let found = [];
  try {
    const answer = await fetch(`${address}?${new URLSearchParams(query)}`, {
      headers: { Accept: "application/json" },
      signal: request.signal,
    });
    // Anything else, like the page of a lost session, proposes nothing: the fields are typed as without script.
    if (answer.ok) found = (await answer.json()).communes ?? [];
  } catch {
    found = [];
  }
  if (request.signal.aborted) return;
  propose(parts, found, "nom" in query);
}

function propose(parts, found, byName) {
  const typed = key(parts.city.value);
  const same = found.filter((commune) => key(commune.name) === typed);
  const sure = found.length === 1 && !typed ? found : same;
  if (!byName && sure.length === 1) {
    fill(parts, sure[0]);
    return;
  }
  parts.list.replaceChildren(...found.map((commune, number) => optionOf(parts.list, commune, number)));
  if (found.length) open(parts);
  else close(parts);
}

function look(parts, field) {
  const postcode = parts.postcode.value.replace(/\s/g, "");
  const isWhole = /^\d{5}$/.test(postcode);
  if (field === parts.postcode) {
    if (isWhole) ask(parts, { cp: postcode });
    return;
  }
  const name = field.value.trim();
  if (name.length < FEWEST) return;
  const query = isWhole ? { nom: name, cp: postcode } : { nom: name };
  waiting.get(parts.box).timer = setTimeout(() => ask(parts, query), PAUSE);
}

function move(list, name) {
  const options = optionsOf(list);
  const here = options.indexOf(activeOf(list));
  if (name === "ArrowDown") return options[(here + 1) % options.length];
  return options[here <= 0 ? options.length - 1 : here - 1];
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.('[data-place="postcode"], [data-place="city"]')) partsOf(event.target);
});

document.addEventListener("input", (event) => {
  const parts = filling ? null : partsOf(event.target);
  if (!parts || !isOwn(parts, event.target)) return;
  forget(parts);
  close(parts);
  parts.list.replaceChildren();
  // Values that come back by script (keep.js, « Reprendre ») are not an edit by hand, they bring their own code.
  if (event.target !== document.activeElement) return;
  set(parts.cityCode, "");
  if (isFrance(parts)) look(parts, event.target);
});

document.addEventListener("change", (event) => {
  const parts = filling ? null : partsOf(event.target);
  if (!parts || event.target !== parts.country || isFrance(parts)) return;
  forget(parts);
  close(parts);
  parts.list.replaceChildren();
  set(parts.cityCode, "");
  if (parts.countryCode?.value === FRANCE) set(parts.countryCode, "");
});

document.addEventListener("keydown", (event) => {
  const parts = partsOf(event.target);
  if (!parts || !isOwn(parts, event.target) || !isPlainKey(event)) return;
  const { list } = parts;
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    close(parts);
  } else if (/^Arrow(Up|Down)$/.test(event.key) && list.children.length) {
    event.preventDefault();
    if (list.hidden) open(parts);
    activate(parts, move(list, event.key));
  } else if (event.key === "Enter" && !list.hidden && activeOf(list)) {
    event.preventDefault();
    fill(parts, activeOf(list).dataset);
  }
});

// The field keeps the focus while the list is clicked or scrolled.
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest?.(".suggest")) event.preventDefault();
});
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.(".suggest")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const option = event.target.closest?.('.suggest > [role="option"]');
  const parts = option && partsOf(option);
  if (parts) fill(parts, option.dataset);
});

document.addEventListener("focusout", (event) => {
  const parts = partsOf(event.target);
  if (!parts || !isOwn(parts, event.target)) return;
  close(parts);
  // From the postal code one goes on to the commune: the list waits there.
  if (event.target === parts.postcode && event.relatedTarget === parts.city) setTimeout(() => open(parts));
});
