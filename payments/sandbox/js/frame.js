// Inside the frames: the payment form, and calls to the API with the publishable
// key. What is typed here goes to this origin's API only; the page around learns
// the token and nothing of the card.
'use strict';
(() => {
  const form = document.getElementById('element');
  const words = form ? JSON.parse(form.dataset.words) : {};
  const field = (name) => document.getElementById(name);
  let port = null, key = '', types = ['card'], hidden = {}, defaults = {};
  const settings = {};

  const tell = (event, value) => { if (port) port.postMessage({ event, value }); };
  const digits = (text) => text.replace(/\D/g, '');
  const method = () => {
    const picked = form.querySelector('input[name=method]:checked');
    return picked && types.includes(picked.value) ? picked.value : types[0];
  };

  // encode writes nested parameters as the API reads them.
  function encode(value, name, out) {
    if (value === undefined || value === null || value === '') return out;
    if (typeof value === 'object') {
      Object.entries(value).forEach(([k, v]) => encode(v, name ? `${name}[${k}]` : k, out));
    } else {
      out.append(name, String(value));
    }
    return out;
  }

  async function request({ method: verb, path, fields }) {
    if (!path.startsWith('/v1/')) return { error: { type: 'invalid_request_error', message: 'not an address of the API' } };
    const body = encode(fields, '', new URLSearchParams());
    const options = { method: verb, headers: { Authorization: 'Bearer ' + key } };
    let address = path;
    if (verb === 'GET') address += '?' + body; else options.body = body;
    try {
      const response = await fetch(address, options);
      return await response.json();
    } catch {
      return { error: { type: 'api_connection_error', message: 'We could not reach the payment processor. Check your connection and try again.' } };
    }
  }

  function luhn(number) {
    let sum = 0;
    [...number].reverse().forEach((c, i) => {
      const d = Number(c) * (i % 2 ? 2 : 1);
      sum += d > 9 ? d - 9 : d;
    });
    return sum % 10 === 0;
  }

  function routing(number) {
    const weights = [3, 7, 1];
    return number.length === 9 && [...number].reduce((sum, c, i) => sum + Number(c) * weights[i % 3], 0) % 10 === 0;
  }

  function expiry() {
    const text = digits(field('expiry').value);
    return { month: Number(text.slice(0, 2)), year: text.length === 6 ? Number(text.slice(2)) : 2000 + Number(text.slice(2)), whole: text.length === 4 || text.length === 6 };
  }

  // faults returns what is wrong, field by field, in the order of the page.
  function faults() {
    const out = [];
    const add = (name, code) => out.push([name, code]);
    if (method() === 'card') {
      const number = digits(field('number').value);
      if (!number) add('number', 'incomplete_number');
      else if (number.length < 13 || !luhn(number)) add('number', 'incorrect_number');
      const { month, year, whole } = expiry();
      const now = new Date();
      if (!whole) add('expiry', 'incomplete_expiry');
      else if (month < 1 || month > 12) add('expiry', 'invalid_expiry_month');
      else if (year * 12 + month < now.getFullYear() * 12 + now.getMonth() + 1) add('expiry', 'invalid_expiry_year');
      if (digits(field('cvc').value).length < 3) add('cvc', 'incomplete_cvc');
      return out;
    }
    if (!hidden.name && !field('name').value.trim()) add('name', 'incomplete_name');
    const number = digits(field('routing').value);
    if (!number) add('routing', 'incomplete_routing');
    else if (!routing(number)) add('routing', 'routing_number_invalid');
    if (digits(field('account').value).length < 4) add('account', 'incomplete_account');
    return out;
  }

  function show(name, code) {
    const input = field(name), line = field(name + '-error');
    line.hidden = !code;
    line.textContent = code ? words[code] || words.other : '';
    if (code) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
  }

  const inputs = () => [...form.querySelectorAll('input[aria-describedby]')].map((i) => i.id);

  function submit() {
    const wrong = faults();
    inputs().forEach((name) => show(name, (wrong.find((w) => w[0] === name) || [])[1]));
    if (!wrong.length) return {};
    field(wrong[0][0]).focus();
    return { error: { type: 'validation_error', code: wrong[0][1], message: words[wrong[0][1]] } };
  }

  function billing(given) {
    const mine = Object.assign({}, defaults);
    if (method() === 'card') {
      mine.address = Object.assign({}, mine.address);
      if (field('zip').value) mine.address.postal_code = field('zip').value;
    } else if (field('name').value.trim()) {
      mine.name = field('name').value.trim();
    }
    return Object.assign(mine, given, { address: Object.assign({}, mine.address, given && given.address) });
  }

  async function token(params) {
    const given = params.payment_method_data || {};
    const data = Object.assign({}, given, { type: method(), billing_details: billing(given.billing_details) });
    if (data.type === 'card') {
      const { month, year } = expiry();
      data.card = { number: digits(field('number').value), cvc: digits(field('cvc').value), exp_month: month, exp_year: year };
    } else {
      data.us_bank_account = { routing_number: digits(field('routing').value), account_number: digits(field('account').value), account_type: field('account_type').value };
      if (field('deposits').checked) data.us_bank_account.verification_method = 'microdeposits';
    }
    const got = await request({ method: 'POST', path: '/v1/confirmation_tokens', fields: { payment_method_data: data, return_url: params.return_url } });
    if (got.error) explain(got.error);
    return got;
  }

  // explain puts the API's complaint beside its field, in the page's language.
  function explain(error) {
    const code = words[error.decline_code] ? error.decline_code : error.code;
    if (words[code]) error.message = words[code];
    const beside = { incorrect_number: 'number', test_mode_live_card: 'number', invalid_expiry_month: 'expiry', invalid_expiry_year: 'expiry', invalid_cvc: 'cvc', routing_number_invalid: 'routing', account_number_invalid: 'account' }[code];
    if (beside) { show(beside, code); field(beside).focus(); }
  }

  function changed() {
    const names = method() === 'card' ? ['number', 'expiry', 'cvc'] : ['name', 'routing', 'account'];
    tell('change', { empty: names.every((n) => !field(n).value), complete: faults().length === 0, collapsed: false, value: { type: method() } });
  }

  // appearance takes the few variables that Stripe's page authors set most.
  function appearance(look) {
    if (!look) return;
    const root = document.documentElement, v = look.variables || {};
    if (look.theme) root.dataset.theme = look.theme;
    Object.entries({
      colorPrimary: '--accent', colorBackground: '--bg', colorText: '--text', colorTextSecondary: '--muted', colorDanger: '--danger',
      borderRadius: '--radius', fontFamily: '--font', fontSizeBase: '--size',
    }).forEach(([name, property]) => { if (v[name]) root.style.setProperty(property, v[name]); });
  }

  function apply(more) {
    const options = Object.assign(settings, more);
    const wanted = options.paymentMethodTypes || options.payment_method_types;
    if (wanted) types = wanted.filter((t) => ['card', 'us_bank_account'].includes(t));
    if (!types.length) types = ['card'];
    appearance(options.appearance);
    const element = options.element || {};
    const kept = (element.fields && element.fields.billingDetails) || {};
    hidden = { name: kept === 'never' || kept.name === 'never', zip: kept === 'never' || kept.address === 'never' || (kept.address && kept.address.postalCode === 'never') };
    defaults = JSON.parse(JSON.stringify((element.defaultValues && element.defaultValues.billingDetails) || {}));
    if (defaults.name && !field('name').value) field('name').value = defaults.name;
    field('name').parentElement.hidden = hidden.name;
    field('zip').parentElement.hidden = Boolean(hidden.zip);
    field('mandate').hidden = Boolean(element.terms && element.terms.usBankAccount === 'never');
    field('choice').hidden = types.length < 2;
    form.querySelectorAll('input[name=method]').forEach((radio) => { radio.checked = radio.value === (types.includes(method()) ? method() : types[0]); });
    (element.paymentMethodOrder || []).slice(0, 1).forEach((first) => { if (types.includes(first)) field('method-' + first).checked = true; });
  }

  const methods = {
    init: ({ key: given, options }) => { key = given; if (form) { apply(options); tell('ready'); } return {}; },
    update: (options) => { apply(options); return {}; },
    submit,
    token,
    request,
    focus: () => { const first = form.querySelector('input:not([type=radio]):not([type=hidden])'); if (first) first.focus(); return {}; },
    blur: () => { if (document.activeElement) document.activeElement.blur(); return {}; },
    clear: () => { form.reset(); inputs().forEach((name) => show(name)); return {}; },
  };

  window.addEventListener('message', (e) => {
    if (e.source !== window.parent || e.data !== 'sandbox-connect' || !e.ports[0]) return;
    port = e.ports[0];
    port.onmessage = async ({ data }) => {
      const run = methods[data.method];
      port.postMessage({ id: data.id, result: run ? await run(data.args) : { error: { message: 'unknown call' } } });
    };
    if (form) tell('resize', document.documentElement.scrollHeight);
  });

  if (!form) return;

  form.addEventListener('submit', (e) => e.preventDefault());
  form.addEventListener('input', (e) => {
    if (e.target.id === 'number' && e.target.selectionEnd === e.target.value.length) {
      e.target.value = digits(e.target.value).slice(0, 19).replace(/(\d{4})(?=\d)/g, '$1 ');
    }
    if (e.target.id === 'expiry' && e.inputType !== 'deleteContentBackward') {
      const text = digits(e.target.value);
      if (text.length >= 2 && text.length <= 4) e.target.value = text.slice(0, 2) + ' / ' + text.slice(2);
    }
    if (e.target.getAttribute('aria-invalid') && !faults().some((w) => w[0] === e.target.id)) show(e.target.id);
    changed();
  });
  form.addEventListener('focusin', () => tell('focus', {}));
  form.addEventListener('focusout', () => tell('blur', {}));
  new ResizeObserver(() => tell('resize', Math.ceil(document.body.getBoundingClientRect().height))).observe(document.body);
})();
