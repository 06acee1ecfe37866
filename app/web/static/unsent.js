// Who leaves a page with words that were not sent is asked first, as browsers ask. Without script
// nobody is asked. The question's own form saves itself (builder.js) and is left alone.
const written = new Set();
addEventListener("input", ({ target }) => {
  const form = target.form;
  const words = target.matches("textarea, input[type=text]");
  if (words && form?.method === "post" && form.id !== "question") written.add(form);
});
addEventListener("submit", ({ target }) => written.delete(target));
addEventListener("beforeunload", (event) => {
  if (written.size) event.preventDefault();
});
