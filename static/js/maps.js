// A map is fetched when somebody unfolds it: Leaflet weighs more than all the rest of a page.
//
// details[data-map-fold]     holds a [data-map] (map.js)
// [data-maps][data-maps-style]   the addresses of its script and style, on the page or a part of it

let asked = false;

function fetchMaps({ maps, mapsStyle }) {
  if (asked) return;
  asked = true;
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: mapsStyle });
  const script = Object.assign(document.createElement("script"), { src: maps });
  // Measured before its style is there, a map is drawn wrong.
  style.addEventListener("load", () => document.head.append(script));
  document.head.append(style);
}

// `toggle` does not bubble.
document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("details[data-map-fold][open]")) return;
    const place = event.target.closest("[data-maps]");
    if (place) fetchMaps(place.dataset);
  },
  true,
);
