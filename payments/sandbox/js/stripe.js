// A subset of stripe.js for the sandbox, written from scratch. What a person
// types stays in frames of this script's own origin; pages talk to them by
// messages. It needs script-src and frame-src of this origin and nothing else:
// styles are set through the object model, which no policy forbids.
(() => {
  'use strict';
  if (window.Stripe) return;

  const source = new URL(document.currentScript ? document.currentScript.src : location.href);
  const origin = source.origin;
  const base = source.href.replace(/\/v3\b.*$/, '');

  class IntegrationError extends Error {
    constructor(message) { super(message); this.name = 'IntegrationError'; }
  }

  // frame opens one of the pages under /js/ and speaks with it over a channel of
  // its own, laid anew whenever the frame loads.
  function frame(path, title, heard) {
    const node = document.createElement('iframe');
    const asked = new Map();
    let port = null, queue = [], last = 0;
    node.title = title;
    node.setAttribute('allow', 'payment');
    node.addEventListener('load', () => {
      const channel = new MessageChannel();
      channel.port1.onmessage = (e) => {
        const { id, result, event, value } = e.data;
        if (event) { heard(event, value); return; }
        const done = asked.get(id);
        asked.delete(id);
        if (done) done(result);
      };
      node.contentWindow.postMessage('sandbox-connect', origin, [channel.port2]);
      port = channel.port1;
      heard('loaded');
      queue.forEach((m) => port.postMessage(m));
      queue = [];
    });
    node.src = base + path;
    return {
      node,
      call: (method, args) => new Promise((resolve) => {
        const message = { id: ++last, method, args: JSON.parse(JSON.stringify(args || {})) };
        asked.set(message.id, resolve);
        if (port) port.postMessage(message); else queue.push(message);
      }),
    };
  }

  function style(node, rules) { Object.assign(node.style, rules); return node; }

  // look is the wanted appearance. Where none is named the form is dark only on a
  // page that says it can be dark itself.
  function look(wanted) {
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const theme = scheme === 'dark' ? 'night' : scheme.includes('dark') ? undefined : 'stripe';
    return Object.assign({ theme }, wanted);
  }

  const idOf = (secret) => String(secret || '').split('_secret_')[0];

  function checkSecret(secret) {
    if (!/^(pi|seti)_\w+_secret_\w+$/.test(secret || '')) {
      throw new IntegrationError('Invalid value for clientSecret: it should be of the form ${id}_secret_${secret}.');
    }
    return secret;
  }

  // Element is the payment form in its frame.
  function Element(key, group, type, options) {
    const listeners = {};
    let f = null, timer = 0, settings = options || {};
    const tell = (event, value) => (listeners[event] || []).slice().forEach((fn) => fn(value));
    const heard = (event, value) => {
      if (event === 'resize') { f.node.style.height = value + 'px'; return; }
      if (event === 'loaded') { f.call('init', { key, options: Object.assign({}, group.options, { element: settings, appearance: look(group.options.appearance) }) }); return; }
      if (event === 'ready') { clearTimeout(timer); tell('ready', { elementType: type }); return; }
      if (event === 'change') { group.submitted = false; }
      tell(event, Object.assign({ elementType: type }, value));
    };
    const self = {
      mount(target) {
        const place = typeof target === 'string' ? document.querySelector(target) : target;
        if (!(place instanceof HTMLElement)) {
          throw new IntegrationError(`Invalid DOM element specified: ${target}. Call mount() with a selector or an element that is on the page.`);
        }
        self.unmount();
        const locale = group.options.locale && group.options.locale !== 'auto' ? group.options.locale : (document.documentElement.lang || 'auto');
        const title = locale.startsWith('es') ? 'Datos de pago seguros' : 'Secure payment details';
        f = frame('/js/element?locale=' + encodeURIComponent(locale), title, heard);
        style(f.node, { border: '0', display: 'block', width: '100%', height: '320px', colorScheme: 'normal' });
        timer = setTimeout(() => tell('loaderror', { elementType: type, error: { type: 'api_connection_error', message: 'The payment form could not be loaded.' } }), 10000);
        place.replaceChildren(f.node);
      },
      unmount() { clearTimeout(timer); if (f) f.node.remove(); f = null; },
      destroy() { self.unmount(); delete group.made[type]; },
      update(more) { settings = Object.assign({}, settings, more); if (f) f.call('update', { element: settings }); },
      on(event, fn) { (listeners[event] = listeners[event] || []).push(fn); return self; },
      off(event, fn) { listeners[event] = (listeners[event] || []).filter((g) => fn && g !== fn); return self; },
      once(event, fn) { const g = (v) => { self.off(event, g); fn(v); }; return self.on(event, g); },
      focus() { if (f) { f.node.focus(); f.call('focus'); } },
      blur() { if (f) f.call('blur'); },
      clear() { if (f) f.call('clear'); },
      collapse() {},
    };
    return { self, frame: () => f };
  }

  // overlay shows the bank's challenge until it is answered or closed.
  function overlay(url) {
    return new Promise((resolve) => {
      const spanish = document.documentElement.lang.startsWith('es');
      const dialog = style(document.createElement('dialog'), {
        border: '0', padding: '0', borderRadius: '8px', width: 'min(500px, 100vw)', maxWidth: '100vw', height: 'min(520px, 100vh)', maxHeight: '100vh',
        background: 'Canvas', color: 'CanvasText',
      });
      const name = spanish ? 'Verificación de su banco' : 'Check by your bank';
      dialog.setAttribute('aria-label', name);
      const close = style(document.createElement('button'), { minWidth: '44px', minHeight: '44px', margin: '4px', font: 'inherit', cursor: 'pointer' });
      close.type = 'button';
      close.textContent = spanish ? 'Cerrar' : 'Close';
      const inner = style(document.createElement('iframe'), { border: '0', display: 'block', width: '100%', height: 'calc(100% - 56px)' });
      inner.title = name;
      inner.src = url + '?frame=1';
      const cancel = (e) => { e.preventDefault(); inner.contentWindow.postMessage('sandbox-cancel', origin); };
      const over = (e) => {
        if (e.origin !== origin || e.source !== inner.contentWindow || e.data !== 'sandbox-challenged') return;
        window.removeEventListener('message', over);
        dialog.close();
        dialog.remove();
        resolve();
      };
      window.addEventListener('message', over);
      dialog.addEventListener('cancel', cancel);
      close.addEventListener('click', cancel);
      dialog.append(close, inner);
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  function Stripe(key, config) {
    if (typeof key !== 'string' || !key.startsWith('pk_')) {
      throw new IntegrationError('Invalid value for Stripe(): the key should be a publishable key, which begins with pk_.');
    }
    let hidden = null;
    const controller = () => {
      if (!hidden) {
        hidden = frame('/js/controller', 'Payment processor', (event) => { if (event === 'loaded') hidden.call('init', { key, options: {} }); });
        hidden.node.setAttribute('aria-hidden', 'true');
        hidden.node.tabIndex = -1;
        style(hidden.node, { display: 'none' });
        document.body.append(hidden.node);
      }
      return hidden;
    };

    // result spells an answer of the API as stripe.js does.
    const kindOf = (secret) => (idOf(secret).startsWith('seti') ? ['setup_intents', 'setupIntent'] : ['payment_intents', 'paymentIntent']);
    const retrieve = async (secret) => {
      const [path, name] = kindOf(checkSecret(secret));
      const got = await controller().call('request', { method: 'GET', path: `/v1/${path}/${idOf(secret)}`, fields: { client_secret: secret } });
      return got.error ? { error: got.error } : { [name]: got };
    };

    const handleNextAction = async ({ clientSecret }) => {
      const got = await retrieve(clientSecret);
      const intent = got.paymentIntent || got.setupIntent;
      const next = intent && intent.status === 'requires_action' && intent.next_action;
      if (!next) return got;
      if (next.type === 'redirect_to_url') {
        location.assign(next.redirect_to_url.url);
        return new Promise(() => {});
      }
      if (next.type !== 'use_stripe_sdk') return got;
      await overlay(next.use_stripe_sdk.stripe_js);
      const after = await retrieve(clientSecret);
      const failed = after.paymentIntent ? after.paymentIntent.last_payment_error : after.setupIntent && after.setupIntent.last_setup_error;
      return failed ? { error: Object.assign({}, failed, after.paymentIntent ? { payment_intent: after.paymentIntent } : { setup_intent: after.setupIntent }) } : after;
    };

    const groups = new WeakMap();
    const groupOf = (elements) => {
      const group = elements && groups.get(elements);
      if (!group) throw new IntegrationError('Pass the elements instance that holds the mounted Payment Element.');
      const held = group.made.payment && group.made.payment.frame();
      if (!held) throw new IntegrationError('The Payment Element is not mounted.');
      return { group, held };
    };

    const elements = (options) => {
      const group = { options: Object.assign({}, options), made: {}, submitted: false };
      const { mode, amount, clientSecret } = group.options;
      if (!clientSecret && !['payment', 'setup', 'subscription'].includes(mode)) {
        throw new IntegrationError('elements() needs a mode of payment, setup or subscription, or a clientSecret.');
      }
      if (mode === 'payment' && !(Number.isInteger(amount) && amount > 0)) {
        throw new IntegrationError('elements() with mode payment needs an amount: a positive integer of cents.');
      }
      const self = {
        create(type, opts) {
          if (type !== 'payment') throw new IntegrationError(`The sandbox has a payment element only, not ${type}.`);
          if (group.made[type]) throw new IntegrationError('Can only create one Element of type payment.');
          group.made[type] = Element(key, group, type, opts);
          return group.made[type].self;
        },
        getElement: (type) => (group.made[type] ? group.made[type].self : null),
        update(more) { Object.assign(group.options, more); const held = group.made.payment && group.made.payment.frame(); if (held) held.call('update', more); },
        fetchUpdates: async () => ({}),
        async submit() {
          const { held } = groupOf(self);
          const result = await held.call('submit');
          group.submitted = !result.error;
          return result;
        },
      };
      groups.set(self, group);
      return self;
    };

    const createConfirmationToken = async ({ elements: given, params }) => {
      const { group, held } = groupOf(given);
      if (!group.submitted) throw new IntegrationError('elements.submit() must be called, and succeed, before stripe.createConfirmationToken().');
      const got = await held.call('token', params || {});
      return got.error ? { error: got.error } : { confirmationToken: got };
    };

    const confirmPayment = async ({ elements: given, clientSecret, confirmParams, redirect }) => {
      const params = confirmParams || {};
      const secret = checkSecret(clientSecret || (given && groups.get(given) && groups.get(given).options.clientSecret));
      const [path, name] = kindOf(secret);
      const { group, held } = groupOf(given);
      if (!group.submitted) {
        const { error } = await given.submit();
        if (error) return { error };
      }
      const token = await held.call('token', { return_url: params.return_url, payment_method_data: params.payment_method_data });
      if (token.error) return { error: token.error };
      const fields = { client_secret: secret, confirmation_token: token.id, return_url: params.return_url };
      const confirmed = await controller().call('request', { method: 'POST', path: `/v1/${path}/${idOf(secret)}/confirm`, fields });
      if (confirmed.error) return { error: confirmed.error };
      const after = await handleNextAction({ clientSecret: secret });
      if (after.error || redirect === 'if_required' || !params.return_url) return after;
      const back = new URL(params.return_url);
      const kind = name === 'paymentIntent' ? 'payment_intent' : 'setup_intent';
      back.searchParams.set(kind, idOf(secret));
      back.searchParams.set(kind + '_client_secret', secret);
      back.searchParams.set('redirect_status', after[name].status === 'succeeded' ? 'succeeded' : 'pending');
      location.assign(back.href);
      return new Promise(() => {});
    };

    return {
      elements, createConfirmationToken, handleNextAction, confirmPayment, confirmSetup: confirmPayment,
      retrievePaymentIntent: retrieve, retrieveSetupIntent: retrieve,
      registerAppInfo() {}, _registerWrapper() {}, _config: config || {},
    };
  }

  Stripe.version = 3;
  window.Stripe = Stripe;
})();
