// Sums and shares while points are typed. Without script the page says them after saving.
const shown = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 });

// A field's points: 12,5 or 12.5, or a fraction as 1/3; what is no number counts nothing.
function points(field) {
  const [above, below] = field.value.replace(/\s/g, "").replace(",", ".").split("/").map(Number);
  const value = below === undefined ? above : above / below;
  return Number.isFinite(value) ? value : 0;
}

for (const group of document.querySelectorAll("[data-together]")) {
  const fields = [...group.querySelectorAll("input[data-points]")];
  group.addEventListener("input", () => {
    const sum = fields.reduce((total, field) => total + points(field), 0);
    group.querySelector(".together").textContent = shown.format(sum);
    for (const field of fields) {
      const share = field.closest("tr").querySelector(".share");
      if (share) share.textContent = percent.format(sum ? points(field) / sum : 0);
    }
  });
}
