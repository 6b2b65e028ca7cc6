// The map of a place, in a bundle of its own: only the pages that show one load it (build/map.js and build/map.css).
//
// [data-map]   data-tiles="https://…/{z}/{x}/{y}.png" data-attribution="words" data-latitude data-longitude data-label
//              Inside a [data-address] that has the fields [data-place=latitude|longitude], the marker can be dragged
//              into them, a press on the map places it, and it follows what is typed there.

import L from "leaflet";
import "leaflet/dist/leaflet.css";
import image from "leaflet/dist/images/marker-icon.png";
import sharp from "leaflet/dist/images/marker-icon-2x.png";
import shadow from "leaflet/dist/images/marker-shadow.png";

const FRANCE = { at: [46.6, 2.4], zoom: 5 };
const CLOSE = 16;
const pin = L.icon({
  iconUrl: image,
  iconRetinaUrl: sharp,
  shadowUrl: shadow,
  iconSize: [25, 41],
  iconAnchor: [12, 41],
  popupAnchor: [1, -34],
  shadowSize: [41, 41],
});

// The attribution is markup for Leaflet: what the page says is made plain text first.
function plain(words) {
  const holder = document.createElement("span");
  holder.textContent = words;
  return holder.innerHTML;
}

function pointOf(latitude, longitude) {
  const [north, east] = [latitude, longitude].map((text) => Number.parseFloat(String(text ?? "").replace(",", ".")));
  return Math.abs(north) <= 90 && Math.abs(east) <= 180 ? L.latLng(north, east) : null;
}

function write(field, value) {
  field.value = value.toFixed(6);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function draw(element) {
  if (element.dataset.mapDrawn !== undefined) return;
  element.dataset.mapDrawn = "";
  const { tiles, attribution = "© les contributeurs d’OpenStreetMap", label = "" } = element.dataset;
  const box = element.closest("[data-address]");
  const fields = ["latitude", "longitude"].map((name) => box?.querySelector(`[data-place="${name}"]`) ?? null);
  const isOpen = fields.every((field) => field && !field.readOnly && !field.disabled);
  const map = L.map(element, { scrollWheelZoom: false });
  map.attributionControl.setPrefix(false);
  if (tiles) L.tileLayer(tiles, { attribution: plain(attribution), maxZoom: 19 }).addTo(map);

  let marker = null;
  const tell = (point) => {
    write(fields[0], point.lat);
    write(fields[1], point.wrap().lng);
  };
  const put = (point) => {
    if (marker) {
      marker.setLatLng(point);
      return;
    }
    marker = L.marker(point, { icon: pin, draggable: isOpen, title: label, alt: label || "Position" }).addTo(map);
    marker.on("dragend", () => tell(marker.getLatLng()));
  };
  const known = () =>
    isOpen
      ? pointOf(fields[0].value, fields[1].value)
      : pointOf(element.dataset.latitude, element.dataset.longitude);

  const first = known() ?? pointOf(element.dataset.latitude, element.dataset.longitude);
  if (first) {
    map.setView(first, CLOSE);
    put(first);
  } else {
    map.setView(FRANCE.at, FRANCE.zoom);
  }
  if (!isOpen) return;
  map.on("click", ({ latlng }) => {
    put(latlng);
    tell(latlng);
  });
  const follow = () => {
    const point = known();
    if (!point || marker?.getLatLng().equals(point, 1e-6)) return;
    put(point);
    map.setView(point, Math.max(map.getZoom(), CLOSE));
  };
  for (const field of fields) field.addEventListener("change", follow);
}

// One that is folded has no size yet.
const shows = (element) => element.closest("details:not([open])") === null;

function drawAll(part) {
  const found = [...(part.matches?.("[data-map]") ? [part] : []), ...(part.querySelectorAll?.("[data-map]") ?? [])];
  for (const element of found.filter(shows)) draw(element);
}

document.addEventListener("toggle", (event) => event.target.open && drawAll(event.target), true);

// Rows and fragments that arrive later by htmx are announced on the document.
document.addEventListener("htmx:load", (event) => drawAll(event.target));
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => drawAll(document));
else drawAll(document);
