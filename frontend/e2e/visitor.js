import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { violationsOnce as violations } from './axe.js';

const words = Object.fromEntries(['en', 'es'].map((lang) => [
  lang, JSON.parse(readFileSync(new URL(`../locale/${lang}.json`, import.meta.url), 'utf8')),
]));

// Test numbers of the processor's sandbox.
export const cards = {
  credit: '4242424242424242', debit: '4000056655665556', declined: '4000000000000002', challenge: '4000002500003155',
};
export const banks = { good: '000123456789', bounces: '000222222227' };

// atTheDesk is the demo's agent, or another of its people, signed in to the console on a
// large screen.
export async function atTheDesk(browser, portal, lang, email = 'agent@acme.example') {
  const context = await browser.newContext({ locale: `${lang}-US`, viewport: { width: 1280, height: 800 } });
  const agent = new Visitor(await context.newPage(), portal, lang);
  await agent.open('/console');
  await agent.sees('console.sign_in');
  await agent.type('console.email', email);
  await agent.type('console.password', portal.staff.find((s) => s.email === email).password);
  await agent.press('console.sign_in');
  await agent.sees('console.code_title');
  await agent.open(portal.demo);
  const shown = await agent.page.getByRole('row', { name: email }).getByRole('button').innerText();
  await agent.open('/console/code');
  await agent.type('console.code', shown.match(/\d{6}/)[0]);
  await agent.press('console.sign_in');
  await agent.sees('console.find');
  return agent;
}

// withoutTokens is a page's source without what is drawn at random, which spells
// any short word once in a few hundred pages.
export const withoutTokens = (source) => source.replace(/[\w-]{20,}/g, '');

// Visitor does what a person does at the portal, by the words on the page, and
// counts how much of it there is. Every page that is looked at is free of axe
// violations.
export class Visitor {
  constructor(page, portal, lang = 'en') {
    Object.assign(this, { page, portal, lang, screens: 0, entries: 0 });
  }

  // say returns the portal's words of a key.
  say(key, args = {}) {
    const text = words[this.lang][key];
    if (text === undefined) throw new Error(`no words for ${key}`);
    return text.replace(/{{\.(\w+)}}/g, (_, name) => args[name]);
  }

  // lead is how those words begin, up to the first of what is said in them.
  lead(key) { return words[this.lang][key].split('{{')[0].trim(); }

  async open(path) { await this.page.goto(new URL(path, this.portal.url).href); }

  // sees waits for the page with this heading and looks at it: key or words.
  async sees(heading) {
    const text = words[this.lang][heading] ?? heading;
    await expect(this.page.getByRole('heading', { level: 1, name: text })).toBeVisible({ timeout: 20_000 });
    await expect(this.page.locator('html')).toHaveAttribute('lang', this.lang);
    if (this.scripts) await this.scripts(true); // axe is one; the page's own had their chance
    expect(await violations(this.page), `axe on "${text}"`).toEqual([]);
    if (this.scripts) await this.scripts(false);
    this.screens++;
  }

  // withoutScripts turns JavaScript off, as a browser's setting does.
  async withoutScripts() {
    const browser = await this.page.context().newCDPSession(this.page);
    this.scripts = (on) => browser.send('Emulation.setScriptExecutionDisabled', { value: !on });
    await this.scripts(false);
  }

  async type(key, value) {
    await this.page.getByLabel(words[this.lang][key] ?? key, { exact: true }).fill(value);
    this.entries++;
  }

  async press(key) {
    const name = words[this.lang][key] ?? key;
    await this.page.getByRole('button', { name, exact: true }).or(this.page.getByRole('link', { name, exact: true })).first().click();
  }

  // signIn goes from the code to the account.
  async signIn(person) {
    await this.open('/');
    await this.sees('start.title');
    await this.type('start.label', person.code);
    await this.press('frame.continue');
    await this.provesWho(person);
  }

  // provesWho gives the ZIP code and arrives at the account, or where the
  // person was before, in the person's language unless another was chosen.
  async provesWho(person, arrives = /./) {
    await this.sees('verify.title');
    await this.type('verify.zip', person.zip);
    await this.press('frame.continue');
    if (!this.chose) this.lang = person.speaks;
    await this.sees(arrives);
  }

  // switchesLanguage presses the button that names the other language.
  async switchesLanguage() {
    await this.press('frame.other_language');
    this.lang = this.lang === 'en' ? 'es' : 'en';
    this.chose = true;
  }

  // asksForLink sends a link by text as the collector's system does, on a call
  // in which the person agreed to it.
  asksForLink(ref) {
    return this.portal.api('POST', '/api/v1/links', {
      account_ref: ref, channel: 'sms', call_id: 'call-1', consent: { basis: 'direct_consent', text_version: 'v1' },
    });
  }

  // getsLink has a link sent and finds it on the phone. The words are those
  // that the collector reads out.
  async getsLink(ref) {
    const { status, body: link } = await this.asksForLink(ref);
    expect(status, JSON.stringify(link)).toBe(201);
    await this.page.goto(this.portal.phone);
    await expect(this.page.getByRole('link', { name: /\/l\// })).toBeVisible({ timeout: 60_000 });
    expect(await violations(this.page), 'axe on the phone').toEqual([]);
    return { link, words: link.phrase };
  }

  // debt is the part of the choice that is about one creditor.
  debt(creditor) { return this.page.getByRole('group', { name: creditor }); }

  // chooses what to pay, such as { 'City Water': '25.00', 'Mercy Clinic': 'all' }.
  async chooses(amounts) {
    for (const [creditor, amount] of Object.entries(amounts)) {
      const group = this.debt(creditor);
      await group.getByLabel(this.say(amount === 'all' ? 'choose.all' : 'choose.other')).check();
      this.entries++;
      if (amount === 'all') continue;
      await group.getByLabel(this.say('choose.amount')).fill(amount);
      this.entries++;
    }
  }

  async choosesMethod(method) {
    await this.page.locator(`#method-${method}`).check();
    this.entries++;
  }

  // picks goes from the account to the card or bank fields.
  async picks(amounts, method) {
    await this.press('door.pay');
    await this.sees('choose.title');
    await this.chooses(amounts);
    await this.choosesMethod(method);
    await this.press('frame.continue');
    await this.seesFields(method);
  }

  // seesFields waits for the processor's own fields.
  async seesFields(method) {
    const first = method === 'card' ? '#number' : '#routing';
    await expect(this.fields.locator(first)).toBeVisible({ timeout: 30_000 });
    await this.sees(method === 'card' ? 'paymethod.card_title' : 'paymethod.bank_title');
  }

  get fields() { return this.page.frameLocator('#payment-element iframe'); }

  async field(id, value) {
    await this.fields.locator(`#${id}`).fill(value);
    this.entries++;
  }

  async givesCard(number) {
    await this.field('number', number);
    await this.field('expiry', '12 / 40');
    await this.field('cvc', '123');
    await this.press('frame.continue');
  }

  async givesBank(account, name = 'Ana Reyes') {
    await this.field('name', name);
    await this.field('routing', '110000000');
    await this.field('account', account);
    await this.press('frame.continue');
  }

  // pays presses the last button, which names the amount.
  async pays(amount) { await this.press(this.say('review.pay', { amount })); }

  // agrees ticks the permission to the bank.
  async agrees() {
    await this.page.getByLabel(this.say('legal.authorize_yes')).check();
    this.entries++;
  }

  // other is the same person in another tab.
  async other() { return new Visitor(await this.page.context().newPage(), this.portal, this.lang); }

  // moves the demo's clock, on the demo's page, in a tab of its own.
  async movesClock(days) {
    const page = await this.page.context().newPage();
    await page.goto(this.portal.demo);
    expect(await violations(page), 'axe on the demo').toEqual([]);
    await page.locator('[name=days]').fill(String(days));
    await page.locator('form:has([name=days]) button').click();
    await page.waitForURL(/\?moved=1$/, { timeout: 60_000 }); // in whatever language
    await page.close();
  }

  // posted waits until the system of record has this balance of a debt.
  async seesPosted(debtRef, balance) {
    const page = await this.page.context().newPage();
    await page.goto(this.portal.record);
    const row = page.getByRole('row').filter({ hasText: debtRef });
    await expect(row.getByRole('cell').last()).toHaveText(balance, { timeout: 60_000 });
    expect(await violations(page), 'axe on the system of record').toEqual([]);
    const arrived = await page.locator('main').innerText();
    await page.close();
    return arrived;
  }
}
