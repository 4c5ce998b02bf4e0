// Adds up what is chosen. It only shows a sum; the server does its own.
(() => {
  const form = document.querySelector("[data-total]");
  if (!form) return;
  const line = form.querySelector("[data-total-line]");
  const sum = form.querySelector("[data-total-sum]");
  const other = (radio) => form.elements["amount_" + radio.name.slice("choice_".length)];
  const cents = (text) => {
    const parts = /^\s*\$?\s*([\d,]{1,11})(?:\.(\d{1,2}))?\s*$/.exec(text);
    return parts ? Number(parts[1].replaceAll(",", "")) * 100 + Number((parts[2] || "").padEnd(2, "0")) : 0;
  };
  const add = () => {
    let total = 0;
    for (const radio of form.querySelectorAll('input[name^="choice_"]:checked')) {
      if (radio.value === "all") total += Number(radio.dataset.cents);
      if (radio.value === "other") total += cents(other(radio).value);
    }
    sum.value = (total / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
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
