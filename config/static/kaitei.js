"use strict";
/* Every page works without this file. It adds keys in lists, drafts of forms, and bulk selection. */

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);

/* Keys */

const keysOn = () => localStorage.getItem("kaitei.keys") !== "off";

function openings() {
  return all("[data-list] [data-item]")
    .map((item) => one("a[data-open]", item) ?? one("a", item) ?? one("button", item))
    .filter((link) => link && link.checkVisibility());
}

function step(by) {
  const links = openings();
  const item = document.activeElement.closest("[data-item]");
  const here = links.findIndex((link) => item && item.contains(link));
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => one("[data-item]:focus-within input[name=ids]:enabled")?.click(),
  o: () => document.activeElement.closest("[data-item]") && document.activeElement.click(),
  "/": () => one("[data-filters] input:not([type=hidden]), [data-filters] select")?.focus(),
  "?": () => one("#keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || !keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
  event.preventDefault();
  act();
});

function setUpKeys() {
  const box = one("[data-keys-switch]");
  if (!box) return;
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem("kaitei.keys", box.checked ? "on" : "off"));
  one("[data-keys-open]").addEventListener("click", () => one("#keys").showModal());
}

/* Drafts: kept in this tab only, until the form was sent and another page answered */

const draftKey = (form) => `kaitei.draft.${document.body.dataset.user ?? ""}.${form.dataset.draft}`;
const keptFields = (form) =>
  [...form.elements].filter((e) => e.name && !["hidden", "password", "file", "submit", "button"].includes(e.type));
const valueOf = (e) => (["checkbox", "radio"].includes(e.type) ? e.checked : e.multiple ? [...e.selectedOptions].map((o) => o.value).join("\n") : e.value);
const contentOf = (form) => JSON.stringify(keptFields(form).map((e) => [e.name, valueOf(e)]));

function fill(form, content) {
  const saved = JSON.parse(content);
  keptFields(form).forEach((e, n) => {
    if (saved[n]?.[0] !== e.name) return;
    const value = saved[n][1];
    if (["checkbox", "radio"].includes(e.type)) e.checked = value;
    else if (e.multiple) [...e.options].forEach((o) => (o.selected = value.split("\n").includes(o.value)));
    else e.value = value;
  });
}

function offer(form, draft) {
  const bar = one("#draft-offer").content.cloneNode(true).firstElementChild;
  one("time", bar).textContent = draft.at;
  one("[data-restore]", bar).addEventListener("click", () => {
    fill(form, draft.content);
    form.dispatchEvent(new Event("input", { bubbles: true }));
    bar.remove();
  });
  one("[data-discard]", bar).addEventListener("click", () => (sessionStorage.removeItem(draftKey(form)), bar.remove()));
  form.prepend(bar);
  form.closest("details")?.setAttribute("open", "");
}

function keep(form) {
  const key = draftKey(form);
  let [first, sent] = [contentOf(form), false];
  const draft = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (draft && draft.content !== first) offer(form, draft);
  else sessionStorage.removeItem(key);
  form.addEventListener("kept", ({ detail }) => (first = detail)); // shared.js: the server has it
  const save = (isSent) => {
    const at = new Date().toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" });
    sessionStorage.setItem(key, JSON.stringify({ content: contentOf(form), at, sent: isSent }));
  };
  form.addEventListener("input", () => save(false));
  form.addEventListener("submit", () => {
    sent = true;
    if (contentOf(form) !== first) save(true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && contentOf(form) !== first) event.preventDefault();
  });
}

function setUpDrafts() {
  const isUndone = "login" in document.body.dataset || "refused" in document.body.dataset;
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  for (const key of Object.keys(sessionStorage).filter((key) => key.startsWith("kaitei.draft."))) {
    const draft = JSON.parse(sessionStorage.getItem(key));
    if (isUndone) sessionStorage.setItem(key, JSON.stringify({ ...draft, sent: false }));
    else if (draft.sent && !isBack) sessionStorage.removeItem(key); // a page answered
  }
  all("form[data-draft]").forEach(keep);
}

/* Selection */

function setUpBulk(form) {
  const boxes = all("input[name=ids]:enabled", form);
  const whole = one("[data-select-all]", form);
  const told = one("[data-count]", form);
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    if (told) told.textContent = chosen;
    if (whole) [whole.checked, whole.indeterminate] = [chosen === boxes.length && chosen > 0, chosen > 0 && chosen < boxes.length];
  };
  whole?.addEventListener("change", () => boxes.forEach((box) => (box.checked = whole.checked)));
  form.addEventListener("change", count);
  count();
}

/* Parts of a form that are there for one answer only */

const showAsked = (form) => all("[data-when]", form).forEach((part) => (part.hidden = part.disabled = new FormData(form).get(part.dataset.when) !== part.dataset.value));
document.addEventListener("input", (event) => showAsked(event.target.form ?? event.target));

/* One click, one act: a second submit of the same form does nothing until the page answers */

document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog" || event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

setUpKeys();
setUpDrafts();
document.addEventListener("htmx:load", () => (all("form[data-bulk]").forEach(setUpBulk), all("form").forEach(showAsked)));
all("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
one("[data-error-summary]")?.focus();
