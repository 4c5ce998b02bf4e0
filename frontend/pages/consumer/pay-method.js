// Brings in the payment partner's fields and sends back the token they make.
// Card and bank numbers never pass through this page. What to do when the fields
// do not come stands in the page; here it is only put away once they are there.
(() => {
  const form = document.querySelector("[data-pay-method]");
  if (!form) return;
  const { key, script, amount, method, locale, wordsFailed, wordsSlow } = form.dataset;
  const loading = document.querySelector("[data-pay-loading]");
  const late = document.querySelector("[data-pay-late]");
  const problem = form.querySelector("[data-pay-problem]");
  const submit = form.querySelector("[data-pay-submit]");
  const parts = form.querySelectorAll("[data-pay-part]");
  const patience = 15_000;
  let stripe, elements, busy = false;

  const show = (shown) => parts.forEach((part) => { part.hidden = !shown; });
  const say = (words) => { problem.textContent = words; };
  const offerElse = () => {
    late.hidden = false;
    late.classList.add("late-now");
  };
  const fail = (words) => {
    busy = false;
    submit.removeAttribute("aria-disabled");
    say(words);
  };
  const unloaded = () => {
    loading.hidden = true;
    show(false);
    offerElse();
    fail(wordsFailed);
  };
  const watch = setTimeout(unloaded, patience);
  // They may still come after the watch has given them up.
  const ready = () => {
    clearTimeout(watch);
    loading.hidden = late.hidden = true;
    show(true);
    say("");
  };
  const broken = () => {
    clearTimeout(watch);
    unloaded();
  };
  const look = () => {
    const style = getComputedStyle(document.documentElement);
    const accent = style.getPropertyValue("--agency-accent").trim();
    return {
      theme: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe",
      variables: { colorPrimary: accent || undefined, fontSizeBase: "18px", borderRadius: "12px", spacingUnit: "5px" },
    };
  };
  const mount = () => {
    stripe = window.Stripe(key);
    elements = stripe.elements({
      // without an amount the card or account is kept for later, not charged
      ...(amount ? { mode: "payment", amount: Number(amount) } : { mode: "setup" }),
      currency: "usd", paymentMethodTypes: [method], locale, appearance: look(),
    });
    const element = elements.create("payment");
    element.on("ready", ready);
    element.on("loaderror", broken);
    element.mount("#payment-element");
  };

  form.hidden = false;
  const tag = document.createElement("script");
  tag.src = script;
  tag.onload = () => { try { mount(); } catch { broken(); } };
  tag.onerror = broken;
  document.head.append(tag);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy || !elements) return;
    busy = true;
    submit.setAttribute("aria-disabled", "true");
    say("");
    // The partner's window may rightly take this long: nothing is broken off.
    const slow = setTimeout(() => { offerElse(); say(wordsSlow); }, patience);
    try {
      const checked = await elements.submit();
      if (checked.error) return fail(checked.error.message);
      const made = await stripe.createConfirmationToken({ elements });
      if (made.error) return fail(made.error.message);
      form.elements.confirmation_token.value = made.confirmationToken.id;
      form.submit();
    } catch {
      fail(wordsFailed);
    } finally {
      clearTimeout(slow);
    }
  });
  addEventListener("pageshow", (event) => { if (event.persisted) fail(""); });
})();
