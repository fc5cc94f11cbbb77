// Light, dark, or as the system says: chosen by a person, kept in their browser. In the head, so that no page is first
// painted in the other one.
const themes = ["system", "light", "dark"];
const root = document.documentElement;

const read = () => {
  try { return localStorage.getItem("theme") ?? "system"; } catch { return root.dataset.theme ?? "system"; }
};

const show = (theme) => {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
};

show(read());

addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-switch=theme]");
  const label = () => { button.textContent = `Theme: ${read()}`; };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(read()) + 1) % themes.length];
    try { localStorage.setItem("theme", next); } catch { /* Private browsing: it holds for this page alone. */ }
    show(next);
    label();
  });
});
