// A list of suggestions under a text field, as a combobox: arrows choose, Enter takes, Escape closes.
//
// suggest({ label, ask, choose }): `ask(field)` gives { ok, reason, found: [{ text, end, … }] } or null for nothing to
// ask; `choose(field, item)` takes one. The behaviour that calls it says which fields are its own (`own`).

import { isPlainKey } from "./dom.js";

const PAUSE = 250;
const PATIENCE = 4_000;
let lists = 0;

// The answer of one of our own addresses; anything else, like the page of a lost session, proposes nothing.
export async function askFor(address, query, signal) {
  const answer = await fetch(`${address}?${new URLSearchParams(query)}`, {
    headers: { Accept: "application/json" },
    signal,
  });
  return answer.ok ? answer.json() : { ok: true };
}

const optionsOf = ({ list }) => [...list.children];
const activeOf = ({ list }) => list.querySelector('[aria-selected="true"]');

function listUnder(field, label) {
  const list = document.createElement("div");
  const status = document.createElement("p");
  list.className = "suggest";
  list.id = `suggest-${(lists += 1)}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  status.className = "hint";
  status.setAttribute("role", "status");
  field.after(list, status);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  // The browser would propose what its own user typed elsewhere, over the list.
  field.autocomplete = "off";
  return { field, list, status, timer: 0, request: null, found: [] };
}

function optionOf(list, item, number) {
  const option = document.createElement("div");
  const text = document.createElement("span");
  option.id = `${list.id}-${number + 1}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  text.textContent = item.text;
  option.append(text);
  if (item.end) {
    const end = document.createElement("span");
    end.className = "end";
    end.textContent = item.end;
    option.append(end);
  }
  return option;
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
  if (document.activeElement !== state.field || !state.found.length) return;
  state.list.style.top = `${state.field.offsetTop + state.field.offsetHeight}px`;
  state.list.hidden = false;
  state.field.setAttribute("aria-expanded", "true");
}

function propose(state, { ok, reason = "", found = [] }) {
  state.found = found;
  // Nothing found is said nowhere: what was typed may well be right. A service that is silent is.
  state.status.textContent = ok ? "" : reason;
  state.list.replaceChildren(...found.map((item, number) => optionOf(state.list, item, number)));
  if (found.length) open(state);
  else close(state);
}

export function suggest({ own, label, ask, choose }) {
  const states = new WeakMap();

  function stateOf(field) {
    let state = states.get(field);
    if (!state?.list.isConnected) {
      state = listUnder(field, label);
      states.set(field, state);
    }
    return state;
  }

  const mine = ({ target }) => (target.matches?.(own) ? stateOf(target) : null);

  function take(state, option) {
    const item = state.found[optionsOf(state).indexOf(option)];
    forget(state);
    close(state);
    state.list.replaceChildren();
    state.found = [];
    choose(state.field, item);
  }

  async function look(state) {
    state.request?.abort();
    const request = new AbortController();
    state.request = request;
    const late = setTimeout(() => request.abort(), PATIENCE);
    try {
      const answer = await ask(state.field, request.signal);
      if (answer && state.request === request) propose(state, answer);
    } catch {
      // Given up, or no network: it is typed by hand.
    } finally {
      clearTimeout(late);
    }
  }

  document.addEventListener("focusin", mine);

  document.addEventListener("input", (event) => {
    // Values that come by script (a choice, keep.js, « Reprendre ») ask nothing.
    if (event.target !== document.activeElement) return;
    const state = mine(event);
    if (!state) return;
    forget(state);
    close(state);
    state.found = [];
    state.list.replaceChildren();
    state.timer = setTimeout(look, PAUSE, state);
  });

  document.addEventListener("keydown", (event) => {
    const state = isPlainKey(event) ? mine(event) : null;
    if (!state) return;
    const active = activeOf(state);
    if (event.key === "Escape" && !state.list.hidden) {
      event.preventDefault();
      close(state);
    } else if (/^Arrow(Up|Down)$/.test(event.key) && state.found.length) {
      event.preventDefault();
      if (state.list.hidden) open(state);
      const options = optionsOf(state);
      const here = options.indexOf(active);
      const next = event.key === "ArrowDown" ? here + 1 : here <= 0 ? options.length - 1 : here - 1;
      activate(state, options[next % options.length]);
    } else if (event.key === "Enter" && !state.list.hidden && active) {
      event.preventDefault();
      take(state, active);
    }
  });

  document.addEventListener("focusout", (event) => {
    const state = mine(event);
    if (!state) return;
    forget(state);
    close(state);
  });

  // Pressing an option must not take the focus from the field before the click.
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest?.('.suggest > [role="option"]')) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const option = event.target.closest?.('.suggest > [role="option"]');
    const field = option && document.querySelector(`[aria-controls="${option.parentElement.id}"]`);
    if (field?.matches(own)) take(stateOf(field), option);
  });
}
