// Files are sent one by one, each with its progress, its failure and its « Réessayer »; dropped or chosen.
//
// form[data-upload="#id"]   the form that without script sends them all at once; #id is what is shown anew afterwards
// [data-upload-list]        where each file on its way has its line
// #upload-said              the live region that tells the end
//
// Each file carries a token of its own: sent twice, it is stored once. All that is chosen together is one batch.

import htmx from "htmx.org";

import { icon } from "./dom.js";

const AT_ONCE = 2;
const SILENT = "Le serveur n’a pas répondu.";
const TOO_HEAVY = "Il est trop lourd pour le serveur\u00a0: 20\u00a0Mo au plus.";
const REASONS = {
  401: "Votre session est terminée. Rechargez la page.",
  403: "Ajout refusé. Rechargez la page.",
  404: "Ce client n’existe plus, ou ne vous est pas accessible. Rechargez la page.",
  409: "Ce dossier n’existe plus. Rechargez la page.",
  413: TOO_HEAVY,
};
const LARGEST = 20 * 1024 * 1024;

const waiting = [];
let running = 0;
let stored = 0;
let refused = 0;

// crypto.randomUUID exists on secure pages only, and a workshop's server may not be one.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const element = (name, className, text = "") =>
  Object.assign(document.createElement(name), { className, textContent: text });

function tool(name, label, press) {
  const button = element("button", "tool");
  Object.assign(button, { type: "button", title: label });
  button.append(icon(name));
  button.addEventListener("click", press);
  return button;
}

function lineOf(job) {
  const line = document.createElement("li");
  const name = element("span", "clip", job.file.name);
  name.title = job.file.name;
  const state = document.createElement("span");
  const tools = element("span", "upload-tools");
  line.append(name, state, tools);
  return Object.assign(job, { line, state, tools });
}

function showProgress(job) {
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `Envoi de ${job.file.name}`);
  job.state.replaceChildren(bar);
  job.state.className = "";
  job.tools.replaceChildren();
  return bar;
}

function fail(job, reason, again) {
  refused += 1;
  job.state.textContent = reason;
  job.state.className = "upload-why";
  const close = tool("x", `Retirer ${job.file.name} de la liste`, () => job.line.remove());
  close.setAttribute("aria-label", close.title);
  job.tools.replaceChildren(close);
  if (!again) return;
  const retry = element("button", "btn btn-sm", "Réessayer");
  retry.type = "button";
  retry.setAttribute("aria-label", `Réessayer ${job.file.name}`);
  retry.addEventListener("click", () => {
    waiting.push(job);
    next();
  });
  job.tools.prepend(retry);
}

function read(xhr) {
  try {
    return JSON.parse(xhr.responseText);
  } catch {
    return null;
  }
}

function judge(job, xhr) {
  const answer = read(xhr);
  if (answer?.stored) {
    stored += 1;
    job.line.remove();
    return;
  }
  const why = answer?.failed?.[0]?.reason;
  // What the server judged it judges again the same: only what went wrong on the way is worth another try.
  const told = why ?? REASONS[xhr.status];
  fail(job, told ?? SILENT, !told);
}

function send(job) {
  const bar = showProgress(job);
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "folder"]) data.set(name, job.form.elements[name].value);
  data.set("token", job.token);
  data.set("batch", job.batch);
  data.append("files", job.file);
  const xhr = new XMLHttpRequest();
  xhr.open("POST", job.form.action);
  xhr.setRequestHeader("Accept", "application/json");
  xhr.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
  });
  // After load, error and abort alike.
  xhr.addEventListener("loadend", () => {
    running -= 1;
    judge(job, xhr);
    next();
  });
  running += 1;
  xhr.send(data);
}

function end(form) {
  const words = [];
  if (stored) words.push(stored > 1 ? `${stored}\u00a0fichiers ajoutés` : "1\u00a0fichier ajouté");
  if (refused) words.push(refused > 1 ? `${refused}\u00a0fichiers refusés` : "1\u00a0fichier refusé");
  const region = document.getElementById("upload-said");
  if (region) region.textContent = `${words.join(", ")}.`;
  const shown = form.dataset.upload;
  if (stored && document.querySelector(shown)) {
    htmx.ajax("GET", location.href, { target: shown, select: shown, swap: "outerHTML" }).catch(() => {});
  }
  stored = 0;
  refused = 0;
}

let last = null;

function next() {
  while (running < AT_ONCE && waiting.length) {
    const job = waiting.shift();
    last = job.form;
    send(job);
  }
  if (!running && !waiting.length && last) end(last);
}

function take(form, files) {
  const list = document.querySelector("[data-upload-list]");
  const batch = uuid();
  for (const file of files) {
    const job = lineOf({ form, file, batch, token: uuid() });
    list.append(job.line);
    if (file.size > LARGEST) fail(job, "Il dépasse 20\u00a0Mo.", false);
    else waiting.push(job);
  }
  last = form;
  next();
}

// ---- chosen -----------------------------------------------------------------------------------------------

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  if (!form || event.target.type !== "file" || !event.target.files.length) return;
  take(form, [...event.target.files]);
  // Choosing the same file again is a change again.
  event.target.value = "";
});

// ---- dropped, anywhere on the page ------------------------------------------------------------------------

const formHere = () => document.querySelector("form[data-upload]");
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  const form = formHere();
  if (!form || !carriesFiles(event)) return;
  event.preventDefault();
  form.dataset.uploadOver = "";
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) delete formHere()?.dataset.uploadOver;
});

document.addEventListener("drop", (event) => {
  const form = formHere();
  if (!form || !carriesFiles(event)) return;
  event.preventDefault();
  delete form.dataset.uploadOver;
  take(form, [...event.dataTransfer.files]);
});

// The browser asks before leaving what is still on its way.
addEventListener("beforeunload", (event) => {
  if (running || waiting.length) event.preventDefault();
});
