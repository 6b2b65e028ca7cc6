// Who may already be there: asked when an e-mail, a phone, a name or a postal code was changed; a hint, never a stop.
//
// [data-duplicates="address to ask"]   in the form, where the answer goes; data-known: the client who is being edited

import htmx from "htmx.org";

const WATCHED = /^(email|mobile_[12]|phone_[12]|last_name|first_name|company_name|address-\d+-postcode)$/;

document.addEventListener("change", ({ target }) => {
  if (!WATCHED.test(target.name ?? "") || !target.value.trim()) return;
  const slot = target.form?.querySelector("[data-duplicates]");
  if (!slot) return;
  htmx.ajax("POST", slot.dataset.duplicates, {
    source: slot,
    target: slot,
    swap: "innerHTML",
    values: { known: slot.dataset.known ?? "" },
  });
});
