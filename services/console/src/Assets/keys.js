// The keyboard: the same keys on every page. Nothing is taken from someone who is typing.
import { close } from "./drawer.js";

const list = document.querySelector("[data-keys]");
const opener = document.querySelector("[data-opens=keys]");
let waitsForPage = 0;

const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

const links = () => [...document.querySelectorAll("[data-rows] a[data-opens-event]")];

const go = (step) => {
  const all = links();
  const at = all.indexOf(document.activeElement?.closest("a[data-opens-event]"));
  const current = at >= 0 ? at : all.findIndex((link) => link.closest("tr").classList.contains("current"));
  const next = all[Math.min(Math.max(current + step, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};

const toPage = (letter) => document.querySelector(`.rail a[data-key="${CSS.escape(letter)}"]`)?.click();

const acts = {
  "/": () => document.querySelector("input[name=name]")?.focus(),
  j: () => go(1),
  k: () => go(-1),
  p: () => document.querySelector("[data-act=pause]")?.click(),
  g: () => { waitsForPage = Date.now(); },
  "?": () => list.showModal(),
  Escape: () => close(),
};

addEventListener("keydown", (pressed) => {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || list.open) return;
  if (isTyping(pressed.target)) {
    if (pressed.key === "Escape") pressed.target.blur();
    return;
  }
  if (Date.now() - waitsForPage < 1500) {
    waitsForPage = 0;
    toPage(pressed.key);
    return;
  }
  if (!Object.hasOwn(acts, pressed.key)) return;
  acts[pressed.key]();
  pressed.preventDefault();
});

opener.hidden = false;
opener.addEventListener("click", () => list.showModal());
