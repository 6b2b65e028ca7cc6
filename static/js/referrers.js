// Who brought a client: the clients whose name is being typed. One that is chosen is kept by his key, in the hidden
// field `referrer`; a name that is edited afterwards is a free name again.
//
// input[data-referrers="address to ask"]

import { askFor, suggest } from "./suggest.js";

const OWN = "input[data-referrers]";
const keyOf = (field) => field.form?.elements.referrer;

suggest({
  own: OWN,
  label: "Clients",
  async ask(field, signal) {
    if (field.value.trim().length < 2) return null;
    const answer = await askFor(field.dataset.referrers, { q: field.value.trim() }, signal);
    return { ...answer, found: (answer.clients ?? []).map((one) => ({ ...one, text: one.name, end: one.detail })) };
  },
  choose(field, client) {
    field.value = client.name;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (keyOf(field)) keyOf(field).value = client.id;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  },
});

document.addEventListener("input", (event) => {
  if (event.target.matches?.(OWN) && keyOf(event.target)) keyOf(event.target).value = "";
});
