// An article that is typed by its code or its words: those that may be meant, best first. The field keeps the code.
//
// input[data-articles="address to ask"]

import { askFor, suggest } from "./suggest.js";

suggest({
  own: "input[data-articles]",
  label: "Articles",
  async ask(field, signal) {
    if (field.value.trim().length < 2) return null;
    const answer = await askFor(field.dataset.articles, { q: field.value.trim() }, signal);
    return { ...answer, found: (answer.articles ?? []).map((one) => ({ ...one, text: one.label, end: one.code })) };
  },
  choose(field, article) {
    field.value = article.code;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  },
});
