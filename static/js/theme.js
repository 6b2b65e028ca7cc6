// Runs in <head>, before anything is painted: a page in the wrong theme would flash.

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const chosen = root.dataset.theme;
  const automatic = dark.matches ? "dark" : "light";
  root.dataset.bsTheme = chosen === "dark" || chosen === "light" ? chosen : automatic;
}

apply();
dark.addEventListener("change", apply);
