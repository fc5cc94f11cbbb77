// Keeps an open page true: asks for it again while it is looked at, and says so when nothing answers any more. Without
// this script the page still says when what it shows was read.
const every = Number(document.documentElement.dataset.looksAgain);

const silence = "Nothing answers any more.";

const liveParts = (page) => [...page.querySelectorAll("[data-live]")];

const show = (page) => {
  const fresh = liveParts(page);
  liveParts(document).forEach((part, index) => {
    const next = fresh[index];
    // A part that says the same is left alone, so that nothing is read out twice.
    if (part.className !== next.className) part.className = next.className;
    if (part.innerHTML !== next.innerHTML) part.replaceChildren(...next.childNodes);
  });
};

const sayNothingAnswers = () => {
  const verdict = document.querySelector(".verdict");
  if (verdict.firstElementChild.textContent === silence) return;
  const says = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const reason = "What is shown was true when it was read. This page goes on asking.";
  verdict.className = "verdict bad";
  verdict.replaceChildren(says("strong", silence), says("p", reason));
};

const look = async () => {
  try {
    if (document.hidden) return;
    const answer = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(`${answer.status}`);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    sayNothingAnswers();
  } finally {
    setTimeout(look, every);
  }
};

setTimeout(look, every);
