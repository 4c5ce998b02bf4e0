// Shows the print button where printing is possible.
(() => {
  const button = document.querySelector("[data-print]");
  if (!button || !window.print) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
})();
