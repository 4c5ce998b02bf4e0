import { test as base, expect } from '@playwright/test';
import { start } from './program.js';
import { Visitor } from './visitor.js';

// The demo's sample accounts by first name; their ZIP codes stand in
// cmd/demo/samples.go.
const zips = {
  ana: '45501', ben: '43004', carla: '44301', dmitri: '45402', esther: '43604', frank: '44101', grace: '45202',
  hassan: '44503', ivy: '44702', jamal: '44052', lucia: '45011', marta: '44902', noah: '43055',
};

// Portal is a running `portal demo`.
class Portal {
  constructor(said) {
    Object.assign(this, { url: said.url, demo: said.demo_url, phone: said.phone_url, record: said.system_of_record_url, token: said.api_token, staff: said.staff });
    this.people = Object.fromEntries(Object.entries(zips).map(([name, zip]) => {
      const { reference_code: code, date_of_birth: born } = said.accounts.find((a) => a.postal_code === zip);
      return [name, { code, zip, born, speaks: name === 'lucia' ? 'es' : 'en' }];
    }));
  }

  // api calls the portal's API as the collector's system would.
  async api(method, path, body) {
    const answer = await fetch(this.url + path, {
      method, body: body && JSON.stringify(body),
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json', ...(method === 'POST' && { 'Idempotency-Key': crypto.randomUUID() }) },
    });
    return { status: answer.status, body: await answer.json() };
  }

  // steer calls the sandbox that stands in for the processor.
  async steer(path, body) {
    expect(this.processor, 'the processor is known once a card or bank page was open').toBeTruthy();
    const answer = await fetch(`${this.processor}/sandbox/${path}`, body && {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
    return answer.json();
  }

  // kept is what the processor has of all that it took, in cents: less what went
  // back by a refund or was taken back by a bank.
  async kept() {
    const { charges } = await this.steer('charges');
    return charges.reduce((sum, c) => sum + c.amount - c.amount_refunded - c.withdrawn + c.reinstated, 0);
  }

  // charges are the movements of money at the processor, in cents, the oldest
  // first: "succeeded" ones, or with "pending" those that the banks have not settled.
  async charges(status = 'succeeded') {
    const { charges } = await this.steer(`charges?status=${status}`);
    return charges.map((c) => c.amount);
  }
}

const demo = ['demo', '--addr', '127.0.0.1:0', '--json', '--data', 'DATA'];

export const test = base.extend({
  // The demo as it is at its start, made once: its tables and its sample accounts.
  begun: [async ({}, use) => { // eslint-disable-line no-empty-pattern -- Playwright asks for the braces
    const first = await start(process.env.PORTAL_BIN, demo);
    await first.end();
    await use(first.data);
    first.remove();
  }, { scope: 'worker', timeout: 120_000 }],

  // A portal of its own for each test, started again on a copy of that: no test
  // sees another's payments or clock.
  portal: async ({ begun }, use) => {
    const running = await start(process.env.PORTAL_BIN, demo, begun);
    await use(new Portal(running.ready));
    await running.stop();
  },

  // Whatever a test does, no page may break its content security policy, throw,
  // or ask anyone but the portal and, for card and bank fields, the processor.
  context: async ({ context, portal }, use) => {
    const faults = [];
    await context.addInitScript(() => addEventListener('securitypolicyviolation',
      (e) => console.error(`Content Security Policy: ${e.violatedDirective} ${e.blockedURI}`)));
    context.on('console', (m) => { if (m.type() === 'error' && /content security policy/i.test(m.text())) faults.push(m.text()); });
    context.on('weberror', (e) => faults.push(String(e.error())));
    context.on('request', (r) => { const why = stray(portal, r); if (why) faults.push(why); });
    await use(context);
    expect(faults, 'content security policy, script errors, requests to others').toEqual([]);
  },

  visitor: async ({ page, portal }, use) => { await use(new Visitor(page, portal)); },
});

// stray says what is wrong with a request. The processor is whoever the payment
// pages name, and is asked by those pages alone (U6).
function stray(portal, request) {
  const { origin, protocol } = new URL(request.url());
  if (!protocol.startsWith('http') || origin === portal.url) return '';
  const top = new URL(request.frame().page().mainFrame().url());
  if (top.origin === origin || (top.origin === portal.url && /^\/(payments\/pay_[^/]+(\/method|\/hosted)?|plans\/new\/drf_[^/]+\/method|plans\/pln_[^/]+\/method\/drf_[^/]+)$/.test(top.pathname))) {
    portal.processor ??= origin;
    return origin === portal.processor ? '' : `asked a stranger: ${request.url()}`;
  }
  return `asked ${origin} from ${top.pathname}`;
}

export { expect };
