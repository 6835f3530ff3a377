// What Gradio does not do: say in which language the page is, open sources in a side panel, send an
// example or a choice as a question, copy and print an answer, show how far the filling is.
// Loaded before Gradio's own scripts. Words come from the page (texts.py), never from here.
"use strict";

for (const [name, value] of [["language", "fr"], ["languages", ["fr"]]]) Object.defineProperty(Navigator.prototype, name, { get: () => value });

const byId = (id) => document.getElementById(id);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Asking

function ask(text) {
  const box = document.querySelector("#zone textarea");
  if (!box) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => byId("envoyer").click());
}

// Sources

let opener = null;

async function openSource(link) {
  const panel = byId("panneau"), body = byId("panneau-corps");
  opener = link;
  byId("panneau-onglet").href = link.href;
  body.textContent = panel.dataset.loading;
  if (!panel.open) panel[matchMedia("(min-width: 68rem)").matches ? "show" : "showModal"]();
  document.documentElement.classList.toggle("panneau-ouvert", panel.open);
  byId("panneau-titre").focus();
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    body.replaceChildren(page.querySelector("article"));
  } catch {
    body.textContent = panel.dataset.failed;
    return;
  }
  const cited = body.querySelector("#citation");
  body.scrollTop = 0;
  if (cited) body.scrollTop = cited.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 4;
}

function closePanel() {
  byId("panneau").close();
}

// One answer, to the clipboard or to paper

function asText(turn) {
  const copy = turn.cloneNode(true);
  copy.querySelectorAll(".actions, .choix, .puces, .emporter, .lecture, .attente").forEach((part) => part.remove());
  copy.querySelectorAll(".numero, .appel").forEach((part) => (part.textContent = ` [${part.textContent.trim()}] `));
  copy.querySelectorAll("h2, h3, h4, p, li, tr, blockquote, dt, dd, summary").forEach((part) => part.append("\n"));
  return copy.textContent.replace(/[ \t]+/g, " ").replace(/ ?\n ?/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
}

async function copyTurn(turn) {
  await navigator.clipboard.writeText(asText(turn));
  say(byId("panneau").dataset.copied);
}

function printTurn(turn) {
  turn.classList.add("a-imprimer");
  document.documentElement.classList.add("impression");
  const closed = [...turn.querySelectorAll("details:not([open])")];
  closed.forEach((part) => (part.open = true));
  print();
  closed.forEach((part) => (part.open = false));
  turn.classList.remove("a-imprimer");
  document.documentElement.classList.remove("impression");
}

function say(text) {
  byId("annonce").textContent = "";
  setTimeout(() => (byId("annonce").textContent = text), 50);
}

// Events

document.addEventListener("click", (event) => {
  const at = event.target instanceof Element ? event.target.closest("a.source, button") : null;
  if (!at) return;
  const turn = at.closest(".tour");
  if (at.matches("a.source")) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    openSource(at);
  } else if (at.matches(".exemple")) ask(at.textContent);
  else if (at.matches(".copier")) copyTurn(turn);
  else if (at.matches(".imprimer")) printTurn(turn);
  else if (at.id === "panneau-fermer") closePanel();
  else if (at.id === "nouvelle") document.querySelector("#zone textarea").focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && byId("panneau").open) closePanel();
});

// What changes on the page

let shownQuestion = null;

function follow(region) {
  const turn = region.querySelector(".tour");
  if (!turn) {
    shownQuestion = null;
    return;
  }
  const question = turn.querySelector(".question");
  if (!question) turn.scrollIntoView({ block: "center" });
  const waiting = turn.classList.contains("en-cours");
  region.setAttribute("aria-busy", String(waiting));
  if (waiting && shownQuestion !== "waiting") turn.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  shownQuestion = waiting ? "waiting" : question;
  const parts = turn.querySelectorAll(".attente, .reponse, .choix, .outils > h3, .outils > ul > li > h4");
  say([...parts].map((part) => part.textContent).join(" ").replace(/\s+/g, " "));
}

function dress() {
  const box = document.querySelector("#zone textarea"), region = byId("cours");
  if (!box || !region) return false;
  box.id = "question";
  box.setAttribute("aria-describedby", "aide");
  new MutationObserver(() => follow(region)).observe(region, { childList: true, subtree: true });
  return true;
}

async function showFilling() {
  const line = byId("etat");
  let again = 3000;
  try {
    const state = await (await fetch("/healthz")).json();
    if (line.textContent !== state.filling.message) line.textContent = state.filling.message;
    line.hidden = !state.filling.message;
    if (state.filling.phase === "ready" || state.filling.phase === "failed") again = 0;
  } catch {
    again = 10000;
  }
  if (again) setTimeout(showFilling, again);
}

document.addEventListener("DOMContentLoaded", () => {
  byId("panneau").addEventListener("close", () => {
    document.documentElement.classList.remove("panneau-ouvert");
    byId("panneau-corps").replaceChildren();
    if (opener?.isConnected) opener.focus();
  });
  showFilling();
  const watch = new MutationObserver(() => dress() && watch.disconnect());
  watch.observe(document.body, { childList: true, subtree: true });
});
