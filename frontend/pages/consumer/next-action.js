// Lets the card's bank ask its question, then looks how the payment stands. The
// answer that counts comes from the server, never from here.
(() => {
  const box = document.querySelector("[data-next-action]");
  if (!box) return;
  const { key, script, secret, locale, wordsFailed } = box.dataset;
  const start = box.querySelector("[data-action-start]");
  const problem = box.querySelector("[data-action-problem]");
  const fail = () => {
    start.removeAttribute("aria-disabled");
    problem.textContent = wordsFailed;
  };
  const tag = document.createElement("script");
  tag.src = script;
  tag.onload = () => { start.hidden = false; };
  tag.onerror = fail;
  document.head.append(tag);
  start.addEventListener("click", async () => {
    if (start.getAttribute("aria-disabled")) return;
    start.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    try {
      await window.Stripe(key, { locale }).handleNextAction({ clientSecret: secret });
      location.reload();
    } catch {
      fail();
    }
  });
})();
