// The street of an address: five letters propose whole addresses, and choosing one fills every field of the place.
// « Localiser » asks for the coordinates of what is typed.
//
// [data-address]     holds the fields; it or an ancestor says where to ask: data-addresses="address"
// [data-place=…]     street is needed; number, complement, postcode, city, city_code, country, country_code, latitude,
//                    longitude are filled where they are; a number that does not show goes before the street
// [data-locate]      the button; [data-locate-status] says what came of it

import { askFor, suggest } from "./suggest.js";

const FEWEST = 5;
const PATIENCE = 4_000;
const FRANCE = "99100";
const NUMBERED = /^\s*(\d{1,5}(?:\s*(?:bis|ter|quater|[a-d])\b)?)[\s,]+/i;
const UNKNOWN = "Cette adresse n’a pas été trouvée\u00a0: placez-la sur la carte, ou saisissez ses coordonnées.";
const NO_ANSWER = "La recherche n’a pas abouti. Placez l’adresse sur la carte, ou saisissez ses coordonnées.";

const fieldOf = (box, name) => box.querySelector(`[data-place="${name}"]`);
const valueOf = (box, name) => fieldOf(box, name)?.value.trim() ?? "";
const isShown = (field) => field !== null && field.type !== "hidden";
const isFrance = (box) => ["", "FR"].includes(valueOf(box, "country"));
const placeOf = (box) => box.closest("[data-addresses]")?.dataset.addresses;

function set(field, value) {
  if (!field || field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
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
  locate(box, place);
}

function locate(box, place) {
  set(fieldOf(box, "latitude"), String(place.latitude ?? ""));
  set(fieldOf(box, "longitude"), String(place.longitude ?? ""));
}

export const isEmptyAddress = (box) => ["street", "postcode", "city"].every((name) => valueOf(box, name) === "");

// The words and the postal code to ask for; a town counts only where the code does not say it.
function questionOf(box) {
  const number = isShown(fieldOf(box, "number")) ? valueOf(box, "number") : "";
  const postcode = valueOf(box, "postcode").replace(/\s/g, "");
  const isWhole = /^\d{5}$/.test(postcode);
  const words = [number, valueOf(box, "street"), isWhole ? "" : valueOf(box, "city")].filter(Boolean).join(" ");
  return isWhole ? { q: words, cp: postcode } : { q: words };
}

suggest({
  own: '[data-addresses] input[data-place="street"]',
  label: "Adresses",
  async ask(field, signal) {
    const box = field.closest("[data-address]");
    if (field.value.trim().length < FEWEST || !isFrance(box)) return null;
    const answer = await askFor(placeOf(box), questionOf(box), signal);
    const found = (answer.addresses ?? []).map((place) => ({ ...place, text: place.label }));
    return { ...answer, found };
  },
  choose: (field, place) => fillAddress(field.closest("[data-address]"), place),
});

async function find(box, button) {
  const status = box.querySelector("[data-locate-status]");
  const asked = questionOf(box);
  if (!valueOf(box, "city") && !asked.cp) {
    status.textContent = "Donnez d’abord une adresse et sa commune.";
    return;
  }
  if (!valueOf(box, "street")) asked.q = valueOf(box, "city") || asked.q;
  button.setAttribute("aria-busy", "true");
  status.textContent = "Recherche en cours.";
  try {
    const answer = await askFor(placeOf(box), asked, AbortSignal.timeout(PATIENCE));
    const [place] = (answer.addresses ?? []).filter((one) => one.latitude !== null);
    if (place) locate(box, place);
    status.textContent = place ? `Localisée\u00a0: ${place.label}.` : answer.reason || UNKNOWN;
  } catch {
    status.textContent = NO_ANSWER;
  }
  button.removeAttribute("aria-busy");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-locate]");
  const box = button?.closest("[data-address]");
  if (box && button.getAttribute("aria-busy") !== "true") find(box, button);
});
