// Elements, text and time, as the pages write them. Text is always text: nothing that was sent becomes markup.
export const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

const two = (number, width = 2) => String(number).padStart(width, "0");

export const clock = (text) => {
  const at = new Date(text);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${two(at.getMilliseconds(), 3)}`;
};

const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** The time alone for today, with its day before. */
export const moment = (text) => {
  const at = new Date(text);
  return day(at) === day(new Date()) ? clock(text).slice(0, 8) : `${day(at)} ${clock(text).slice(0, 5)}`;
};

export const number = (value) => new Intl.NumberFormat("en").format(value);

export const span = (milliseconds) => {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 3600000) return `${Math.floor(milliseconds / 60000)} min`;
  if (milliseconds < 172800000) return `${Math.floor(milliseconds / 3600000)} h`;
  return `${Math.floor(milliseconds / 86400000)} days`;
};

export const copies = (button, text) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  });
  return button;
};

/** Asks the console's own API; who is no longer signed in is taken to where one signs in. */
export const ask = async (path) => {
  const answer = await fetch(`/console/api/events${path}`, {
    cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000),
  });
  if (answer.status === 401) location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  throw Object.assign(new Error(body.detail ?? `It was answered with ${answer.status}.`), {
    status: answer.status, traceId: body.traceId, title: body.title,
  });
};
