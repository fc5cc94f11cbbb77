// What arrives, as it arrives: the latest that are stored first, then the stream. It comes back by itself, says what
// it leaves out, and says since when what is shown is old.
import { addressOf, open } from "./drawer.js";
import { ask, copies, make, moment, number, span } from "./make.js";

const rowsMax = 200;
const heldMax = 1000;
const at = (name) => document.querySelector(`[data-${name}]`);
const [pick, pulse, rows, frame, notice] = ["pick", "pulse", "rows", "rows-frame", "notice"].map(at);
const pause = document.querySelector("[data-act=pause]");
const sources = new Map([...pick.source.options].slice(1).map((option) => [option.value, option.text.trim()]));
const words = {
  accepted: ["good", "Accepted"], repeated: ["warn", "Repeat"], refused: ["bad", "Refused"],
};
const told = new Map();
const state = {
  paused: false, waiting: [], stream: null, isOpen: false, since: null, lastAt: null, sampled: null, listed: false,
  ready: false, fault: null, hour: null, brokenAt: null,
};

const wanted = () => ({ source: pick.source.value, outcome: pick.outcome.value, name: pick.name.value.trim() });

const fits = (event) => {
  const { outcome, name } = wanted();
  const title = event.event ?? event.name ?? event.type ?? "";
  return (!outcome || outcome === event.outcome) && (!name || title.toLowerCase().includes(name.toLowerCase()));
};

const idOf = (event) => event.messageId || event.rejection || "";

const keyOf = (event) => (event.outcome === "refused" ? `refused ${event.rejection}` : `taken ${event.messageId}`);

const rowOf = (event) => {
  const [tone, word] = words[event.outcome];
  const id = idOf(event);
  const title = event.event ?? event.name ?? event.type ?? (event.messageId || "no message id");
  const person = event.userId ?? event.anonymousId ?? "";
  const link = make("a", {
    href: addressOf(id).href, "data-opens-event": id, title,
    onclick: (click) => {
      if (click.ctrlKey || click.metaKey || click.shiftKey) return;
      click.preventDefault();
      open(id);
    },
  }, title || "(no name)");
  const why = event.reason ? `${word}: ${event.reason.replaceAll("_", " ")}` : word;
  return make("tr", { "data-id": id, onclick: (click) => { if (!click.target.closest("a")) link.click(); } },
    make("td", { "data-label": "Time", class: "quiet nowrap" },
      make("time", { datetime: event.receivedAt, title: event.receivedAt }, moment(event.receivedAt))),
    make("th", { scope: "row", "data-label": "Event", class: "cut" }, link),
    make("td", { "data-label": "Person", class: "cut", title: person }, person || "–"),
    make("td", { "data-label": "Source", class: "cut quiet", title: event.source },
      sources.get(event.source) ?? event.source.slice(0, 8)),
    make("td", { "data-label": "Outcome", class: "cut", title: event.detail ?? why },
      make("span", { class: `state ${tone}` }, why)));
};

const settle = () => {
  frame.removeAttribute("aria-busy");
  frame.firstElementChild.classList.remove("skeleton");
};

const draw = () => {
  settle();
  rows.replaceChildren(...[...told.values()].filter(fits).slice(-rowsMax).reverse().map(rowOf));
  sayMore();
};

const sayMore = () => {
  const isEmpty = told.size === 0 && state.listed && state.ready;
  at("empty").hidden = !isEmpty;
  at("arrivals").hidden = isEmpty || (told.size === 0 && state.fault !== null);
  const { outcome, name } = wanted();
  at("more").textContent = rows.childElementCount === 0 && told.size > 0
    ? `None of the latest ${number(told.size)} events fits${name ? ` "${name}"` : ""}${outcome ? ` (${outcome})` : ""}.`
    : "";
};

const hold = (event) => {
  const key = event.outcome === "repeated" ? `again ${event.messageId} ${told.size} ${event.receivedAt}` : keyOf(event);
  const isNew = !told.has(key);
  told.set(key, event);
  if (told.size > heldMax) told.delete(told.keys().next().value);
  return isNew;
};

const arrive = (event) => {
  state.lastAt = Date.now();
  if (state.paused) {
    state.waiting.push(event);
    if (state.waiting.length > heldMax) state.waiting.shift();
    sayPulse();
    return;
  }
  if (!hold(event)) return;
  if (rows.parentElement.classList.contains("skeleton")) draw();
  if (fits(event)) {
    const row = rowOf(event);
    row.classList.add("new");
    rows.prepend(row);
    while (rows.childElementCount > rowsMax) rows.lastElementChild.remove();
  }
  sayMore();
  sayPulse();
};

const sayPulse = () => {
  const [tone, text] = !navigator.onLine ? ["bad", "This browser is offline."]
    : state.brokenAt ? ["warn",
      `The stream broke off ${span(Date.now() - state.brokenAt)} ago and is being opened again. What is shown is old.`]
    : state.paused ? ["warn", `Paused. ${number(state.waiting.length)} came since.`]
    : !state.ready ? ["note", "Opening the stream…"]
    : state.sampled ? ["note", state.sampled]
    : state.lastAt ? ["good", `Live. The last one came ${span(Date.now() - state.lastAt)} ago.`]
    : ["good", "Live. Nothing has come since this page was opened."];
  const says = pulse.firstElementChild;
  if (says.textContent !== text) says.textContent = text;
  says.className = `state ${tone}`;
};

const sayFault = (fault) => {
  state.fault = fault;
  notice.hidden = fault === null;
  if (fault !== null) {
    settle();
    rows.closest("table").hidden = told.size === 0;
    notice.replaceChildren(make("strong", {}, "What was stored before can't be read."),
      make("p", {}, `${fault.message} New events are still shown as they arrive.`),
      fault.traceId ? make("p", { class: "quiet" }, "Trace ", make("code", {}, fault.traceId)) : "");
  } else {
    rows.closest("table").hidden = false;
  }
  sayMore();
};

const list = async () => {
  const { source, outcome } = wanted();
  const query = (what) => `?limit=100&outcome=${what}${source ? `&source=${source}` : ""}`;
  try {
    const pages = await Promise.all(
      ["accepted", "refused"].filter((what) => !outcome || what === outcome).map((what) => ask(query(what))));
    const stored = pages.flatMap((page) => page.events).sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
    const streamed = [...told.values()];
    told.clear();
    for (const event of [...stored, ...streamed]) hold(event);
    state.listed = true;
    sayFault(null);
    if (told.size > 0) draw(); else sayMore();
  } catch (fault) {
    sayFault(fault);
    setTimeout(list, 5000);
  }
};

const listen = () => {
  const { source } = wanted();
  const stream = new EventSource(`/console/api/events/live${source ? `?source=${source}` : ""}`);
  state.stream = stream;
  for (const outcome of Object.keys(words))
    stream.addEventListener(outcome, (message) => arrive(JSON.parse(message.data)));
  stream.addEventListener("ready", () => {
    Object.assign(state, { ready: true, brokenAt: null });
    sayMore();
    sayPulse();
  });
  stream.addEventListener("sampled", (message) => {
    const { acceptedOneIn, refusedOneIn, perSecond } = JSON.parse(message.data);
    state.sampled = Math.max(acceptedOneIn, refusedOneIn) > 1
      ? `Live, sampled: one in ${number(Math.max(acceptedOneIn, refusedOneIn))} of ${number(perSecond)} a second.`
      : null;
    sayPulse();
  });
  stream.addEventListener("error", async () => {
    state.brokenAt ??= Date.now();
    sayPulse();
    if (stream.readyState !== EventSource.CLOSED) return;
    await ask("/counts").catch(() => {}); // Who is no longer signed in is taken to the door by this.
    setTimeout(() => { if (state.stream === stream) listen(); }, 3000);
  });
};

const put = (name, text) => { document.querySelector(`[data-count=${name}]`).textContent = text; };

const count = async () => {
  if (document.hidden) return;
  const { source } = wanted();
  const of = source ? `source=${source}&` : "";
  const now = Date.now();
  const iso = (hoursAgo) => encodeURIComponent(new Date(now - hoursAgo * 3600000).toISOString());
  try {
    const isDue = !state.hour || state.hour.of !== of || now - state.hour.at > 60000;
    const [last, before] = await Promise.all([
      ask(`/counts?${of}`), isDue ? ask(`/counts?${of}from=${iso(2)}&to=${iso(1)}`) : state.hour.counts]);
    state.hour = { of, at: isDue ? now : state.hour.at, counts: before };
    for (const name of ["in", "stored", "repeats", "refused"]) put(name, number(last[name]));
    for (const name of ["in", "stored", "repeats"])
      document.querySelector(`[data-before=${name}]`).textContent = `${number(before[name])} the hour before`;
    at("reasons").textContent = Object.entries(last.refusedByReason)
      .map(([reason, times]) => `${reason.replaceAll("_", " ")} ${number(times)}`).join(", ")
      || `${number(before.refused)} the hour before`;
    put("lag", last.lag.milliseconds === undefined ? "–" : span(last.lag.milliseconds));
    at("waiting").textContent = last.lag.waiting > 0 ? `${number(last.lag.waiting)} on their way`
      : last.lag.milliseconds === undefined ? "no event in 5 minutes" : "99 of 100, last 5 minutes";
    at("sum").classList.remove("stale");
    at("sum-at").textContent = "";
    state.since = now;
  } catch (fault) {
    at("sum").classList.add("stale");
    at("sum-at").textContent = state.since
      ? `was true at ${moment(new Date(state.since).toISOString())}: ${fault.message}` : fault.message;
  }
};

const remember = () => {
  const address = new URL(location);
  for (const [name, value] of Object.entries(wanted())) {
    if (value) address.searchParams.set(name, value); else address.searchParams.delete(name);
  }
  history.replaceState({}, "", address);
};

pick.addEventListener("submit", (submitted) => submitted.preventDefault());
pick.source.addEventListener("change", () => { remember(); location.reload(); });
pick.outcome.addEventListener("change", () => { remember(); draw(); list(); });
pick.name.addEventListener("input", () => { remember(); draw(); });
pause.hidden = false;
pause.addEventListener("click", () => {
  state.paused = !state.paused;
  pause.textContent = state.paused ? "Go on" : "Pause";
  pause.setAttribute("aria-pressed", String(state.paused));
  if (!state.paused) state.waiting.splice(0).forEach(arrive);
  sayPulse();
});
for (const link of document.querySelectorAll("[data-shows]")) {
  link.addEventListener("click", (click) => {
    click.preventDefault();
    pick.outcome.value = link.dataset.shows;
    pick.outcome.dispatchEvent(new Event("change"));
  });
}
for (const button of document.querySelectorAll("[data-copy]"))
  copies(button, () => button.closest(".snippet").querySelector("code").textContent);

list();
listen();
count();
setInterval(count, Number(pick.dataset.countsEvery));
setInterval(sayPulse, 1000);
