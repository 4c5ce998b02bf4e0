// Adds up what is chosen. It only shows a sum; the server does its own, and reads
// amounts by the same rule (money.Typed). What it would refuse shows no sum.
(() => {
  const form = document.querySelector("[data-total]");
  if (!form) return;
  const line = form.querySelector("[data-total-line]");
  const sum = form.querySelector("[data-total-sum]");
  const other = (radio) => form.elements["amount_" + radio.name.slice("choice_".length)];
  const most = (radio) => Number(form.querySelector('input[name="' + radio.name + '"][value="all"]').dataset.cents);
  const cents = (text, max) => {
    const typed = text.trim().replace(/^\$/, "").trim();
    const parts = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/.exec(typed) || /^(\d+),(\d{2})$/.exec(typed);
    const read = parts ? Number(parts[1].replaceAll(",", "")) * 100 + Number((parts[2] || "").padEnd(2, "0")) : 0;
    return read > 0 && read <= max ? read : NaN;
  };
  const add = () => {
    let total = 0;
    for (const radio of form.querySelectorAll('input[name^="choice_"]:checked')) {
      if (radio.value === "all") total += most(radio);
      if (radio.value === "other") total += cents(other(radio).value, most(radio));
    }
    sum.value = isNaN(total) ? "–" : (total / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
    line.hidden = false;
  };
  // Typing an amount means wanting that amount.
  form.addEventListener("input", (event) => {
    const name = event.target.name || "";
    if (name.startsWith("amount_") && event.target.value.trim()) {
      form.querySelector('input[name="choice_' + name.slice(7) + '"][value="other"]').checked = true;
    }
    add();
  });
  add();
})();
