// The index at the left of a long form says where one is: the section whose head was the last to pass under the bar.
//
// [data-index]   holds links to the sections (#id)

const MARGIN = 24;

function follow(index) {
  const links = [...index.querySelectorAll("a[href^='#']")];
  const bar = document.querySelector(".formbar")?.getBoundingClientRect().bottom ?? 0;
  const topOf = (link) => document.getElementById(link.hash.slice(1))?.getBoundingClientRect().top ?? Infinity;
  let [here] = links;
  // Of two columns the first one counts where both are as far.
  for (const link of links) if (topOf(link) <= bar + MARGIN && topOf(link) > topOf(here)) here = link;
  for (const link of links) {
    if (link === here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

let frame = 0;
function later() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    for (const index of document.querySelectorAll("[data-index]")) follow(index);
  });
}

addEventListener("scroll", later, { passive: true });
addEventListener("resize", later, { passive: true });
document.addEventListener("htmx:load", later);
later();
