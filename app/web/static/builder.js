// The builder's comforts: what is typed is saved by itself, and the preview follows. Without
// script the button "Save" does the same.
const form = document.querySelector("form#question");
const state = document.querySelector("#saved");
const preview = document.querySelector("#preview");
const PAUSE = 1200; // milliseconds without a key before it is saved
const AGAIN = 4000; // and before it is tried again where the server did not answer
const JSON_WANTED = { Accept: "application/json" };
let timer, running = null, pending = false, warned = false, going = false;

function say(words, problem) {
  state.textContent = words;
  state.classList.toggle("problem", Boolean(problem));
}

function fields() {
  const sent = new FormData(form);
  sent.set("go", "save");
  return sent;
}

// One at a time; true where nothing typed is left unsaved.
async function save() {
  clearTimeout(timer);
  while (running) await running;
  if (!pending) return true;
  running = send();
  const good = await running;
  running = null;
  return good;
}

async function send() {
  pending = false;
  say(state.dataset.saving);
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields(), headers: JSON_WANTED });
    if (answer.redirected || answer.status === 400) { say(state.dataset.out, true); return false; }
    if (answer.status === 409) { say(state.dataset.overtaken, true); form.dataset.stopped = "1"; return false; }
    if (answer.status === 422) {
      const told = await answer.json();
      say([state.dataset.problem, ...told.problems].join(" "), true);
      return false;
    }
    if (answer.ok) { saved(await answer.json()); return true; }
  } catch { /* the server is away, as told below */ }
  say(state.dataset.away, true);
  pending = true;
  timer = setTimeout(save, AGAIN);
  return false;
}

function made(name, mark, words = "") {
  const element = document.createElement(name);
  element.className = mark;
  element.textContent = words;
  return element;
}

function finding(one) {
  const item = document.createElement("li"), place = document.createElement("b");
  place.textContent = one.place;
  item.append(made("span", `tag ${one.level}`, one.word), " ", place, ` ${one.message} `);
  item.append(made("span", "remedy", one.remedy));
  return item;
}

// The line of this question in the outline: its words, and how much of it blocks.
function line(told) {
  const here = document.querySelector("#outline [aria-current=page]");
  const code = made("b", "", told.code);
  here.replaceChildren(code, ` ${told.line.words}`);
  here.parentElement.querySelector(".tag.error, .tag.warning")?.remove();
  if (told.line.blocks) here.after(" ", made("span", "tag error", told.line.blocks));
}

// The page keeps the new digest and, where the code changed, the new address of its forms.
function saved(told) {
  form.elements.seen.value = told.seen;
  const before = form.action.split("/").pop();
  if (told.code !== before) {
    for (const each of document.querySelectorAll(`form[action*="/q/${before}"]`)) {
      each.action = each.action.replace(`/q/${before}`, `/q/${told.code}`);
    }
    history.replaceState(null, "", location.pathname.replace(/[^/]+$/, told.code));
  }
  say(state.dataset.saved);
  const list = made("ul", "findings");
  list.append(...told.findings.map(finding));
  document.querySelector("#findings").replaceChildren(list);
  document.querySelector("#errors").textContent = told.blocks;
  document.querySelector("#errors").classList.toggle("error", told.blocking);
  line(told);
  if (preview && told.page) {
    const here = new URL(preview.src);
    preview.src = `${told.page}${here.search}`;
  }
}

form?.addEventListener("input", (event) => {
  // What changes the form itself waits for the button.
  if (form.dataset.stopped || ["type", "list"].includes(event.target.name)) return;
  if (/^c\d+-item$/.test(event.target.name)) return;
  pending = true;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});
// Who goes on to something else while it is not saved yet waits for that; where it cannot be saved,
// they are told, and go on if they try again. The form itself carries all that was typed.
async function first(event, go) {
  event.preventDefault();
  const told = await save();
  going = told || warned; // what ``go`` sends is not held back again
  warned = true;
  if (going) go();
  going = false;
}
if (form) {
  addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (target === form) { pending = false; warned = true; clearTimeout(timer); }
    if (!going && (pending || running)) first(event, () => target.requestSubmit(submitter));
  });
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || link?.target;
    if (link && !elsewhere && (pending || running)) first(event, () => location.assign(link.href));
  });
  addEventListener("pagehide", () => {
    if (pending) fetch(form.action, { method: "POST", body: fields(), headers: JSON_WANTED, keepalive: true });
  });
}
for (const name of ["type", "list"]) {
  form?.elements[name]?.addEventListener("change", () => { clearTimeout(timer); form.requestSubmit(); });
}
