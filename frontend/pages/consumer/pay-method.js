// Brings in the payment partner's fields and sends back the token they make.
// Card and bank numbers never pass through this page.
(() => {
  const form = document.querySelector("[data-pay-method]");
  if (!form) return;
  const { key, script, amount, method, locale, wordsFailed } = form.dataset;
  const loading = form.querySelector("[data-pay-loading]");
  const problem = form.querySelector("[data-pay-problem]");
  const submit = form.querySelector("[data-pay-submit]");
  let stripe, elements, busy = false;

  const fail = (words) => {
    busy = false;
    submit.removeAttribute("aria-disabled");
    problem.textContent = words;
  };
  const unloaded = () => {
    loading.hidden = true;
    submit.hidden = true;
    fail(wordsFailed);
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
    element.on("ready", () => { loading.hidden = true; });
    element.on("loaderror", unloaded);
    element.mount("#payment-element");
  };

  form.hidden = false;
  const tag = document.createElement("script");
  tag.src = script;
  tag.onload = () => { try { mount(); } catch { unloaded(); } };
  tag.onerror = unloaded;
  document.head.append(tag);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy || !elements) return;
    busy = true;
    submit.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    try {
      const checked = await elements.submit();
      if (checked.error) return fail(checked.error.message);
      const made = await stripe.createConfirmationToken({ elements });
      if (made.error) return fail(made.error.message);
      form.elements.confirmation_token.value = made.confirmationToken.id;
      form.submit();
    } catch {
      fail(wordsFailed);
    }
  });
  addEventListener("pageshow", (event) => { if (event.persisted) fail(""); });
})();
