// htmx as the house wants it: nothing evaluated, refused forms swapped in, failures said in plain words.

import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";

import { show } from "./toast.js";

Object.assign(htmx.config, {
  // The content policy refuses inline styles and eval; htmx's own indicator rules are in states.css.
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  // Copies of pages would stay in the browser after sign-out: going back asks the server instead.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  timeout: 60_000,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    // An invalid form and a conflict bring the page that explains them.
    { code: "409|422", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

// What a behaviour added to the page stays in it when the page is laid over anew: [data-stays]; and so does what is
// being typed.
const callbacks = { beforeNodeRemoved: (node) => !node.matches?.("[data-stays]") };

// idiomorph's own htmx extension reads its options with Function(), which the content policy refuses.
htmx.defineExtension("morph", {
  isInlineSwap: (style) => style === "morph" || style === "morph:outerHTML",
  handleSwap(style, target, fragment) {
    if (!style.startsWith("morph")) return false;
    const morphStyle = style === "morph:innerHTML" ? "innerHTML" : "outerHTML";
    return Idiomorph.morph(target, fragment.children, { morphStyle, callbacks, ignoreActiveValue: true });
  },
});

const SILENT = "Le serveur n’a pas répondu. Vérifiez la connexion, puis recommencez\u00a0: votre saisie est encore là.";
const BROKEN =
  "Le serveur a rencontré une erreur. Recommencez dans un instant\u202f; si cela continue, prévenez votre administrateur.";
const REASONS = {
  400: "La demande n’a pas été comprise. Rechargez la page, puis recommencez.",
  401: "Votre session est terminée. Rechargez la page pour vous reconnecter\u00a0: votre saisie vous attend.",
  403: "Action refusée. Rechargez la page\u202f; si cela continue, demandez ce droit à un administrateur.",
  404: "Cet élément n’existe plus, ou ne vous est pas accessible. Rechargez la page.",
  413: "Ce fichier est trop lourd. Choisissez-en un plus léger.",
  429: "Trop de demandes à la suite. Attendez une minute, puis recommencez.",
};

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  show({ text: REASONS[status] ?? (status >= 500 ? BROKEN : REASONS[400]), level: "error" });
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => show({ text: SILENT, level: "error" }));
}
