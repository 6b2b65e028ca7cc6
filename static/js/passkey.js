// Passkeys: the browser makes one or proves one, its answer leaves with the form.
//
// form[data-passkey="create|get"]   create: sending the form asks for the key first; get: [data-passkey-go] does
// [data-passkey-options]            what the server asks, as JSON; or
// [data-passkey-from]               the address to fetch it from
// [data-passkey-field]              the hidden field of the answer, "credential" unless told
// [data-passkey-problem]            the notice that says why it failed

const UNKNOWN = "Ce navigateur ne connaît pas les clés d’accès. Mettez-le à jour, ou prenez un autre moyen.";
const REFUSED = "La clé n’a pas répondu, ou vous avez renoncé. Recommencez, ou prenez un autre moyen.";
const ALREADY = "Cet appareil a déjà une clé pour ce compte.";

function tell(form, words) {
  const notice = form.querySelector("[data-passkey-problem]");
  notice.querySelector("p").textContent = words;
  notice.hidden = false;
}

async function optionsOf(form) {
  if (!form.dataset.passkeyFrom) return JSON.parse(form.dataset.passkeyOptions).publicKey;
  const response = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" } });
  return (await response.json()).publicKey;
}

async function answer(form) {
  const asked = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
}

async function go(form) {
  if (!globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) {
    tell(form, UNKNOWN);
    return;
  }
  form.querySelector("[data-passkey-problem]").hidden = true;
  try {
    const credential = await answer(form);
    form.elements[form.dataset.passkeyField ?? "credential"].value = JSON.stringify(credential.toJSON());
    form.requestSubmit();
  } catch (error) {
    tell(form, error.name === "InvalidStateError" ? ALREADY : REFUSED);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-passkey-go]");
  if (button) go(button.form);
});

// Before once.js holds the form: it is not on its way yet.
addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.dataset?.passkey !== "create" || form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    go(form);
  },
  true,
);
