// « Chercher l’entreprise »: what the public list says of a SIREN or SIRET goes into the fields that are empty; for
// one that is filled the value is offered under it, and taken only when asked (theirs.js).
//
// [data-company="address to ask"]   the form, or a part of it
// [data-company-siret]              the field of the number
// button[data-company-find]         asks; it can be pressed while the field holds 9 or 14 digits
// [name=company_name], [name=vat_number], the first [data-address] of the form

import { fillAddress, isEmptyAddress } from "./addresses.js";

const UNKNOWN =
  "Aucune entreprise n’est publiée sous ce numéro. Certaines demandent à ne pas l’être\u00a0: saisissez-la à la main.";

function partsOf(node) {
  const box = node instanceof Element ? node.closest("[data-company]") : null;
  const number = box?.querySelector("[data-company-siret]");
  const button = box?.querySelector("[data-company-find]");
  return number && button ? { box, number, button, form: box.closest("form") ?? box } : null;
}

const digitsOf = (field) => field.value.replace(/[\s.\-\u00a0\u202f]/g, "");
const isWhole = (field) => /^(\d{9}|\d{14})$/.test(digitsOf(field));

function show({ button, number }) {
  button.disabled = !isWhole(number);
}

function line(parts, words, value) {
  const told = document.createElement("p");
  told.className = "theirs";
  told.dataset.companyLine = "";
  const what = document.createElement("b");
  what.textContent = value;
  told.append(words, " ", what, " ");
  return told;
}

function taker(label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = "Reprendre";
  button.setAttribute("aria-label", `Reprendre\u00a0: ${label}`);
  return button;
}

function offer(parts, field, label, value) {
  if (!field || !value || field.value.trim() === value || digitsOf(field) === value) return;
  if (field.value.trim() === "") {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  const told = line(parts, `${label}\u00a0:`, value);
  const take = taker(label);
  Object.assign(take.dataset, { take: value, takeInto: field.id });
  told.append(take);
  field.after(told);
}

function offerAddress(parts, company) {
  const box = parts.form.querySelector("[data-address]:not([data-gone])");
  if (!box || !(company.street || company.city)) return;
  if (isEmptyAddress(box)) {
    fillAddress(box, company, { whole: true });
    return;
  }
  const way = `${company.number} ${company.street}`.trim();
  const label = [way, `${company.postcode} ${company.city}`.trim()].filter(Boolean).join(", ");
  const held = (name) => box.querySelector(`[data-place="${name}"]`)?.value.trim() ?? "";
  const isSame = held("postcode") === company.postcode && `${held("number")} ${held("street")}`.trim() === way;
  if (isSame) return;
  const told = line(parts, "Adresse\u00a0:", label);
  const take = taker("l’adresse");
  take.addEventListener("click", () => {
    fillAddress(box, company, { whole: true });
    box.querySelector('[data-place="street"]')?.focus();
    told.remove();
  });
  told.append(take);
  box.prepend(told);
}

function clear({ form }) {
  for (const told of form.querySelectorAll("[data-company-line]")) told.remove();
}

function say(parts, words) {
  let status = parts.box.querySelector("[data-company-status]");
  if (!status) {
    status = document.createElement("p");
    status.className = "hint";
    status.dataset.companyStatus = "";
    status.setAttribute("role", "status");
    parts.button.after(status);
  }
  status.textContent = words;
}

async function find(parts) {
  const { box, button, number } = parts;
  if (button.getAttribute("aria-busy") === "true" || !isWhole(number)) return;
  const asked = digitsOf(number);
  button.setAttribute("aria-busy", "true");
  clear(parts);
  say(parts, "Recherche en cours.");
  let answer = { ok: false, reason: "La recherche n’a pas abouti. Vous pouvez saisir l’entreprise à la main." };
  try {
    const response = await fetch(`${box.dataset.company}?${new URLSearchParams({ q: asked })}`, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(5_000),
    });
    if (response.ok) answer = await response.json();
  } catch {
    // Told below, as any other failure.
  }
  button.removeAttribute("aria-busy");
  // The number was changed meanwhile: the answer is of another company.
  if (digitsOf(number) !== asked) {
    say(parts, "");
    return;
  }
  const [company] = answer.companies ?? [];
  if (!answer.ok || !company) {
    say(parts, answer.ok ? UNKNOWN : answer.reason);
    return;
  }
  offer(parts, parts.form.querySelector('[name="company_name"]'), "Raison sociale", company.name);
  offer(parts, number, "SIRET du siège", company.siret);
  offer(parts, parts.form.querySelector('[name="vat_number"]:not([type="hidden"])'), "TVA", company.vat_number);
  offerAddress(parts, company);
  say(parts, company.is_closed ? `${company.name}\u00a0: cet établissement est fermé.` : company.name);
}

document.addEventListener("focusin", (event) => {
  const parts = partsOf(event.target);
  if (parts) show(parts);
});

document.addEventListener("input", (event) => {
  const parts = partsOf(event.target);
  if (!parts || event.target !== parts.number) return;
  show(parts);
  clear(parts);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-company-find]");
  const parts = button && partsOf(button);
  if (parts) find(parts);
  // « Reprendre » was pressed: what it offered is in the field now (theirs.js), and the line has said it all.
  const told = event.target.closest?.("[data-take]")?.closest("[data-company-line]");
  if (told) setTimeout(() => told.remove());
});
