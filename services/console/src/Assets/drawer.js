// One event in the right drawer: where it is, the way it came, its envelope and its JSON. Its address is the page's.
import { ask, clock, copies, make, span } from "./make.js";

const places = {
  edge: ["Edge", "read and checked"],
  spooled: ["Spool", "on the edge's own disk"],
  received: ["received.v1", "kept, and acknowledged"],
  emitted: ["events.v1", "counted once"],
  stored: ["ClickHouse", "can be queried"],
  rejected: ["events.rejected.v1", "refused, kept to be looked at"],
};
const standing = {
  spooled: ["warn", "Spooled", "It is safe on the edge's disk and goes on when Kafka answers."],
  received: ["note", "On its way", "It is kept, and waits to be counted once."],
  emitted: ["note", "On its way", "It is in events.v1 and on its way to ClickHouse."],
  stored: ["good", "In ClickHouse", "It has arrived, and can be queried."],
  rejected: ["bad", "Refused", "It was not taken, and sending the same again changes nothing."],
};
const drawer = document.querySelector("[data-drawer]");
let opened = "";
let before = null;
let timer = 0;

const row = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));

const facts = (title, pairs) => {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return known.length === 0 ? null
    : make("section", {}, make("h3", {}, title), make("dl", { class: "pairs" }, ...known.map(([k, v]) => row(k, v))));
};

const tokens = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const coloured = (text) => {
  const code = make("code");
  let at = 0;
  for (const found of text.matchAll(tokens)) {
    code.append(text.slice(at, found.index));
    const kind = found[1] ? (found[2] ? "name" : "text") : found[3] ? "word" : "figure";
    code.append(make("span", { class: `json-${kind}` }, found[1] ?? found[0]), found[2] ?? "");
    at = found.index + found[0].length;
  }
  code.append(text.slice(at));
  return code;
};

const json = (title, value) => {
  if (value === undefined || value === null) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const copy = copies(make("button", { type: "button" }, "Copy"), () => text);
  return make("section", {},
    make("div", { class: "snippet-head" }, make("h3", {}, title), copy),
    make("pre", { tabindex: "0", "aria-label": title }, coloured(text)));
};

const way = (told) => {
  const refused = told.place === "rejected";
  const route = refused ? ["edge", "rejected", "stored"] : ["edge", "received", "emitted", "stored"];
  if (told.place === "spooled") route.splice(1, 0, "spooled");
  return make("ol", { class: "way" }, ...route.map((place) => {
    const step = told.steps.find((known) => known.place === place);
    const [name, means] = places[place];
    const passed = step || route.indexOf(told.place) > route.indexOf(place);
    return make("li", { class: step ? "here" : passed ? "passed" : "ahead" },
      make("strong", {}, name),
      make("span", { class: "when" }, step ? clock(step.at) : passed ? "passed" : "not yet",
        step && step.afterMilliseconds > 0 ? make("em", {}, ` +${span(step.afterMilliseconds)}`) : null),
      make("span", { class: "quiet" }, step?.topic ? `partition ${step.partition}, offset ${step.offset}` : means));
  }));
};

const envelope = (event) => facts("Envelope", [
  ["Event", event.event], ["Type", event.type], ["Name", event.name], ["User", event.userId],
  ["Anonymous", event.anonymousId], ["Session", event.sessionId], ["Group", event.groupId],
  ["Previous id", event.previousId], ["Happened", event.at], ["Received", event.receivedAt],
  ["Sent", event.sentAt], ["By its clock", event.originalTimestamp], ["Channel", event.channel],
  ["Library", event.library], ["Locale", event.locale], ["IP", event.ip],
  ["Device", event.device && Object.values(event.device).join(" · ")],
  ["Place", event.place && Object.values(event.place).join(" · ")],
  ["Page", event.pageUrl], ["Referrer", event.referrer],
  ["UTM", event.utm && Object.entries(event.utm).map(([name, value]) => `${name}=${value}`).join("  ")],
  ["Click ids", event.clickIds && Object.entries(event.clickIds).map(([n, value]) => `${n}=${value}`).join("  ")],
  ["Source", event.source], ["App", event.app],
]);

const show = (id, told) => {
  const [tone, word, means] = standing[told.place];
  const about = told.event ?? {};
  const refusal = told.refusal;
  drawer.replaceChildren(head(id, about.event || about.name || about.type || (refusal ? "Refused" : "Event")),
    make("p", { class: "stands" }, make("span", { class: `state ${tone}` }, word), ` ${means}`),
    told.repeats ? make("p", { class: "quiet" }, `It came again ${told.repeats} times lately; that counts once.`) : "",
    make("section", {}, make("h3", {}, "Its way"), way(told)),
    ...[refusal && facts("Why", [
      ["Reason", refusal.reason.replaceAll("_", " ")], ["Detail", refusal.detail], ["Route", refusal.route],
      ["In the batch", refusal.index], ["Source", refusal.source], ["Refusal", refusal.rejection],
    ]), refusal && json(refusal.truncated ? "What came (cut off at 64 KB)" : "What came", refusal.body),
    told.event && envelope(about), json("Properties", about.properties), json("Traits", about.traits),
    json("Context", about.context)].filter(Boolean),
    make("p", { class: "quiet" }, "The API call behind this: ", make("code", {}, `GET ${told.links.self}`)));
};

const head = (id, title) => make("header", {},
  make("div", {}, make("h2", { id: "drawer-title" }, title),
    make("p", { class: "id" }, make("code", { title: id }, id),
      copies(make("button", { type: "button", class: "plain" }, "Copy id"), () => id))),
  make("button", { type: "button", "data-act": "close", "aria-keyshortcuts": "Escape", onclick: close }, "Close"));

const load = async (id) => {
  clearTimeout(timer);
  try {
    const told = await ask(`/${encodeURIComponent(id)}`);
    if (opened !== id) return;
    const was = drawer.dataset.place;
    drawer.dataset.place = told.place;
    if (was !== told.place) show(id, told);
    if (!["stored", "rejected"].includes(told.place)) timer = setTimeout(load, 1000, id);
  } catch (fault) {
    if (opened !== id) return;
    drawer.replaceChildren(head(id, fault.title ?? "It can't be shown"),
      make("p", { class: "fault", role: "alert" }, fault.message),
      fault.traceId ? make("p", { class: "quiet" }, "Trace ", make("code", {}, fault.traceId)) : "");
    if (fault.status === 404 || fault.status >= 500) timer = setTimeout(load, 3000, id);
  }
};

const address = (id) => {
  const at = new URL(location);
  if (id) at.searchParams.set("event", id); else at.searchParams.delete("event");
  return at;
};

export const open = (id, { remembers = true } = {}) => {
  if (!id || opened === id) return;
  if (!opened) before = document.activeElement;
  opened = id;
  delete drawer.dataset.place;
  if (remembers) history.pushState({}, "", address(id));
  drawer.replaceChildren(head(id, "Looking…"), make("div", { class: "lines skeleton", "aria-hidden": "true" },
    ...[1, 2, 3, 4, 5, 6].map(() => make("span"))));
  drawer.hidden = false;
  document.body.classList.add("has-drawer");
  drawer.focus({ preventScroll: true });
  load(id);
};

export function close({ remembers = true } = {}) {
  if (!opened) return;
  clearTimeout(timer);
  opened = "";
  drawer.hidden = true;
  document.body.classList.remove("has-drawer");
  if (remembers) history.pushState({}, "", address(""));
  if (before?.isConnected) before.focus({ preventScroll: true });
}

export const addressOf = (id) => address(id);

const follow = () => {
  const id = new URLSearchParams(location.search).get("event");
  if (id) open(id, { remembers: false }); else close({ remembers: false });
};
addEventListener("popstate", follow);
follow();
