// INSEE's code of a country follows its name: of birth (a text with a <datalist>), of an address (a list).
//
// #countries                       <option value="name" data-iso data-code>
// [data-born-in]                   writes into [data-born-in-code]
// [data-place=country]             writes into [data-place=country_code] of its [data-address]

const key = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();

const codeOf = (test) => [...(document.getElementById("countries")?.children ?? [])].find(test)?.dataset.code ?? "";

function write(field, code) {
  if (!field || field.value === code) return;
  field.value = code;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches?.("[data-born-in]")) {
    write(
      target.form.querySelector("[data-born-in-code]"),
      codeOf((option) => key(option.value) === key(target.value)),
    );
  }
  if (target.matches?.('[data-place="country"]')) {
    write(
      target.closest("[data-address]")?.querySelector('[data-place="country_code"]'),
      codeOf((option) => option.dataset.iso === target.value),
    );
  }
});
