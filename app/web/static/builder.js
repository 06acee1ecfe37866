// The builder's comforts: what is typed is saved by itself, and the preview follows. Without
// script the button "Save" does the same.
const form = document.querySelector("form#question");
const state = document.querySelector("#saved");
const preview = document.querySelector("#preview");
const PAUSE = 1200; // milliseconds without a key before it is saved
let timer, running = false, again = false, waiting = null;

function say(words, problem) {
  state.textContent = words;
  state.classList.toggle("problem", Boolean(problem));
}

async function save() {
  if (running) { again = true; return; }
  running = true;
  say(state.dataset.saving);
  const sent = new FormData(form);
  sent.set("go", "save");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    if (answer.status === 409) { say(state.dataset.overtaken, true); form.dataset.stopped = "1"; }
    else if (answer.status === 422) {
      const told = await answer.json();
      say([state.dataset.problem, ...told.problems].join(" "), true);
    } else if (answer.ok) {
      const told = await answer.json();
      saved(told);
    } else { say(state.dataset.away, true); }
  } catch { say(state.dataset.away, true); }
  running = false;
  if (waiting) { form.requestSubmit(waiting.pressed); return; }
  if (again) { again = false; save(); }
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
  say([state.dataset.saved, ...told.said].join(" "));
  if (preview && told.page) {
    const here = new URL(preview.src);
    preview.src = `${told.page}${here.search}`;
  }
}

form?.addEventListener("input", (event) => {
  // What changes the form itself waits for the button.
  if (form.dataset.stopped || ["type", "list"].includes(event.target.name)) return;
  if (/^c\d+-item$/.test(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});
// Who presses a button while it is being saved waits for that: else it would meet its own edit.
form?.addEventListener("submit", (event) => {
  clearTimeout(timer);
  again = false;
  if (!running) return;
  event.preventDefault();
  waiting = { pressed: event.submitter };
});
for (const name of ["type", "list"]) {
  form?.elements[name]?.addEventListener("change", () => { clearTimeout(timer); form.requestSubmit(); });
}
