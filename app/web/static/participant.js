// Comforts of participants' pages. Everything works without them: each stands alone, and what fails
// leaves the browser's own way.
const form = document.querySelector("form#page[data-words]");
const words = form ? JSON.parse(form.dataset.words) : {};

// What is to be mended is heard first.
document.querySelector(".problems")?.focus();

// A page taken out of the browser's memory may be another person's: ask for it anew. So is one that
// came of a form, instead of the browser asking whether to send the form again.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
for (const way of ["submit", "click"]) {
  addEventListener(way, (event) => {
    const leaves = way === "submit" || event.target.closest("a[href]");
    if (leaves && !event.defaultPrevented) history.replaceState(null, "", location.href);
  });
}

// A code stands in groups of four while it is typed at its end; elsewhere nothing moves.
for (const field of document.querySelectorAll("input.code")) {
  field.addEventListener("input", () => {
    if (field.selectionStart !== field.value.length || !/^[\d ]+$/.test(field.value)) return;
    field.value = field.value.replaceAll(" ", "").match(/\d{1,4}/g)?.join(" ") ?? "";
  });
}

// An answer that goes with no other unticks the others of its question, and they untick it.
form?.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox" || !target.checked) return;
  for (const other of target.closest("fieldset").querySelectorAll("input[type=checkbox]:checked")) {
    if (other !== target && ("alone" in target.dataset || "alone" in other.dataset)) other.checked = false;
  }
});

// How much room is left in a long text is said near its end, once the person stops typing.
for (const field of form?.querySelectorAll("textarea[data-most]") ?? []) {
  const said = document.createElement("p");
  said.className = "hint";
  said.setAttribute("role", "status");
  field.after(said);
  let waiting;
  const tell = () => {
    const left = Number(field.dataset.most) - [...field.value.trim()].length;
    said.textContent = left > 200 ? "" : left < 0 ? `${field.dataset.over} ${-left}` : `${field.dataset.left} ${left}`;
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(tell, 1000); });
}

// A file that is too large is said before it travels.
form?.querySelector("input[type=file]")?.addEventListener("change", ({ target }) => {
  const large = target.files[0]?.size > Number(target.dataset.most);
  form.querySelector(".too-large")?.remove();
  if (!large) return;
  target.value = "";
  const said = document.createElement("p");
  said.className = "problem too-large";
  said.setAttribute("role", "alert");
  said.textContent = target.dataset.large;
  target.before(said);
});

// Before a page is sent: is there a connection? What was typed must not vanish with the page.
let going = false;
form?.addEventListener("submit", async (event) => {
  if (going) { event.preventDefault(); return; }
  if (form.dataset.sure || !form.requestSubmit) return;  // else the button pressed is not sent
  event.preventDefault();
  going = true;
  const pressed = event.submitter;
  const main = form.querySelector(".actions button:not(.link)");
  const before = main?.textContent;
  if (main) main.textContent = words.saving;
  let there = navigator.onLine;
  if (there) {
    try {
      await fetch(form.dataset.ping, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(10000) });
    } catch { there = false; }
  }
  going = false;
  if (main) main.textContent = before;
  document.querySelector(".offline")?.remove();
  if (there) {
    form.dataset.sure = "1";
    setTimeout(() => { delete form.dataset.sure; }, 1000);
    form.requestSubmit(pressed);
    return;
  }
  const said = document.createElement("div");
  said.className = "note warn offline";
  said.setAttribute("role", "alert");
  said.textContent = words.offline;
  form.querySelector(".actions")?.before(said);
});

// A shared screen closes when nobody touches it. Two minutes before, it asks; every key or touch of
// the button gives as long again. What was typed is sent, and waits for the code.
const shared = document.querySelector("[data-rest]")?.dataset;
if (shared) {
  const rest = Number(shared.rest) * 1000;
  const box = document.createElement("dialog");
  const said = document.createElement("p");
  const here = document.createElement("button");
  said.id = "closing";
  said.textContent = shared.closing;
  here.type = "button";
  here.textContent = shared.here;
  box.setAttribute("aria-labelledby", "closing");
  box.append(said, here);
  document.body.append(box);
  let closing, asking;
  const wait = () => {
    clearTimeout(asking);
    clearTimeout(closing);
    asking = setTimeout(() => box.showModal(), rest - 120000);
    closing = setTimeout(() => { if (form) form.submit(); else location.replace("/r"); }, rest + 2000);
  };
  here.addEventListener("click", () => box.close());
  box.addEventListener("close", async () => {
    wait();
    const token = new URLSearchParams({ csrf_token: document.querySelector("[name=csrf_token]").value });
    try { await fetch("/present", { method: "POST", body: token }); } catch { /* the code opens it again */ }
  });
  wait();
}

// A voice of this device reads the page, when the person presses the button: a question and its
// answers, or what is told before them; of what can be unfolded, what is.
const place = document.querySelector("p.listen[data-begin]");
const speech = window.speechSynthesis;
if (place && speech) {
  const voice = () => speech.getVoices().find((one) => one.localService && one.lang.startsWith(document.documentElement.lang));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link listen" });
  const still = () => { button.textContent = place.dataset.begin; };
  const offer = () => { place.hidden = !voice(); place.replaceChildren(...(voice() ? [button] : [])); };
  const asked = "h1, h2, h3, .stem, .hint, .lede, label:not(.option), .option > span, .unit";
  still();
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  button.addEventListener("click", () => {
    if (speech.speaking) { speech.cancel(); still(); return; }
    const parts = form ? form.querySelectorAll(asked) : document.querySelectorAll(`main :is(${asked}, p:not(.listen), li, summary)`);
    const shown = [...parts].filter((one) => one.matches("summary") || !one.closest("details:not([open])"));
    const said = new SpeechSynthesisUtterance(shown.map((one) => one.innerText.trim()).filter(Boolean).join(". "));
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = 0.9;
    said.onend = still;
    button.textContent = place.dataset.stop;
    speech.speak(said);
  });
  addEventListener("pagehide", () => speech.cancel());
}
