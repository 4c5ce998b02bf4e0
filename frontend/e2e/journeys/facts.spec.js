import { test, expect } from '../portal.js';
import { Visitor, atTheDesk, banks, cards } from '../visitor.js';

// Two people, each with one debt, and what a file of their collector says of it.
const people = [
  {
    lang: 'en', name: 'ben', ref: 'A-1002', creditor: 'Riverside Hospital', owed: 48217, full: 'Ben Okafor', months: 9,
    consumer: { first_name: 'Ben', last_name: 'Okafor', address_line1: '101 Maple Street', city: 'Columbus' },
    debt: { creditor_ref: 'C-102', creditor_name: 'Riverside Hospital', account_number_last4: '1180', description: 'Emergency visit, February 2025' },
  },
  {
    lang: 'es', name: 'lucia', ref: 'A-1011', creditor: 'Clínica del Sol', owed: 26500, full: 'Lucía Fernández', months: 8,
    consumer: { first_name: 'Lucía', last_name: 'Fernández', address_line1: '110 Maple Street', city: 'Hamilton' },
    debt: { creditor_ref: 'C-111', creditor_name: 'Clínica del Sol', account_number_last4: '7203', description: 'Consulta, marzo de 2025' },
  },
];

// A week and a day holds four business days, whatever weekend or holiday is in it.
const untilSettled = 8;

const usd = (cents) => `$${(cents / 100).toFixed(2)}`;
const decimal = (cents) => (cents / 100).toFixed(2);

test.describe.configure({ mode: 'parallel' }); // each has a portal of its own

// Journey is one of them on the way through facts that change.
class Journey extends Visitor {
  constructor(page, portal, who) {
    super(page, portal, who.lang);
    Object.assign(this, { who, debtRef: `${who.ref}-1`, main: page.getByRole('main') });
  }

  // begins signs in, and notes on which day the debt was placed.
  async begins() {
    this.placed = (await this.stands()).reported_as_of.slice(0, 10);
    await this.comes();
  }

  comes() { return this.signIn(this.portal.people[this.who.name]); }

  // stands is what the API says of the debt.
  async stands() {
    const { status, body } = await this.portal.api('GET', `/api/v1/accounts/${this.who.ref}/balance`);
    expect(status).toBe(200);
    return body.debts[0];
  }

  // filed hands in a file in which the debt has this status and balance by now.
  async filed(status, balance) {
    const { now } = await this.portal.steer('clock');
    const itemized = new Date(Date.parse(this.placed) - 30 * this.who.months * 86_400_000).toISOString().slice(0, 10);
    const version = String(((await this.stands()).balance_version ?? 0) + 1);
    const { zip, born } = this.portal.people[this.who.name];
    const answer = await this.portal.api('POST', '/api/v1/placements', {
      account_ref: this.who.ref, consumers: [{
        ...this.who.consumer, date_of_birth: born, state: 'OH', postal_code: zip, language: this.who.lang, debts: [{
          ...this.who.debt, debt_ref: this.debtRef, debt_type: 'medical', status, itemization_type: 'last_statement', itemization_date: itemized,
          itemization_amount: decimal(this.who.owed), interest_added: '0.00', fees_added: '0.00', payments_credits: decimal(this.who.owed - balance),
          balance: decimal(balance), balance_as_of: now, balance_version: version,
        }],
      }],
    });
    expect(answer.body, JSON.stringify(answer.body)).toMatchObject({ updated: 1, refused: 0, held: 0 });
  }

  // owes looks at the account, the debt and the page to pay on: all three ask for
  // the same amount, and where it is nothing no door leads to paying it.
  async owes(cents, ...sentences) {
    await this.open('/account');
    await this.sees(/./);
    for (const sentence of sentences) await expect(this.main).toContainText(sentence);
    const debt = this.main.locator('a[href^="/debts/dbt_"]').first();
    const doors = this.main.locator('a[href="/payments/new"], a[href$="/plan"]');
    const pays = async (there) => (there ? expect(doors).not.toHaveCount(0) : expect(doors).toHaveCount(0));
    if (cents > 0) await expect(this.main.locator('.amount')).toContainText(`${this.say('account.owe')} ${usd(cents)}`);
    await pays(cents > 0);
    await debt.click();
    await this.sees(this.who.creditor);
    if (cents > 0) await expect(this.main.locator('.amount')).toContainText(`${this.say('debt.today')} ${usd(cents)}`);
    await pays(cents > 0);
    await this.open('/payments/new');
    await this.sees('choose.title');
    await expect(this.main.locator('input[name=once]')).toHaveCount(cents > 0 ? 1 : 0);
    if (cents > 0) await expect(this.debt(this.who.creditor)).toContainText(usd(cents));
    else await expect(this.main).toContainText(this.say('choose.nothing'));
    expect((await this.stands()).payable_cents).toBe(cents);
  }

  // sends pays an amount from a bank account and is left at its page.
  async sends(cents) {
    await this.open('/account');
    await this.sees(/./);
    await this.picks({ [this.who.creditor]: decimal(cents) }, 'bank');
    await this.givesBank(banks.good, this.who.full);
    await this.sees('review.title');
    await this.agrees();
    await this.pays(usd(cents));
    await this.sees(this.say('outcome.pending', { amount: usd(cents) }));
    return this.page.url();
  }

  // paysByCard is on the page to pay on, and is left at the payment's page.
  async paysByCard(cents) {
    await this.chooses({ [this.who.creditor]: decimal(cents) });
    await this.choosesMethod('card');
    await this.press('frame.continue');
    await this.seesFields('card');
    await this.givesCard(cards.credit);
    await this.sees('review.title');
    await this.pays(usd(cents));
    await this.sees(this.say('outcome.paid', { amount: usd(cents) }));
    return this.page.url();
  }

  // wants asks for a plan of so much a month.
  async wants(cents) {
    await this.press('door.plan');
    await this.sees('plan.title');
    await this.type('plan.own_amount', decimal(cents));
    await this.page.locator('select[name=rhythm]').selectOption({ label: this.say('plan.every_month') });
    await this.page.locator('select[name=first]').selectOption({ index: 12 });
    await this.page.locator('form.sheet').first().getByRole('button', { name: this.say('plan.see_dates') }).click();
  }

  // signs chooses how a plan is paid, signs it and is left at its page.
  async signs(charging, arrives = 'plan.yours') {
    await this.sees('plan.dates');
    await this.page.locator(`#charging-${charging}`).check();
    await this.press('frame.continue');
    if (charging === 'bank') {
      await this.seesFields('bank');
      await this.givesBank(banks.good, this.who.full);
    }
    await this.sees('plan.sign');
    await this.page.getByRole('checkbox').check();
    await this.type('plan.name', this.who.full);
    await this.press('plan.agree');
    await this.sees(arrives);
    return this.page.url();
  }

  // plan is the newest plan as the API has it.
  async plan() { return (await this.portal.api('GET', `/api/v1/accounts/${this.who.ref}/plans`)).body.plans[0]; }

  // untilAfter moves the clock until a day is past.
  async untilAfter(day) {
    const { now } = await this.portal.steer('clock');
    await this.movesClock(Math.ceil((Date.parse(day) - Date.parse(now)) / 86_400_000) + 1);
    await this.comes();
  }

  async later(days) {
    await this.movesClock(days);
    await this.comes();
  }

  // booked compares the books: the processor keeps so much, the system of record
  // has posted as much, and the pages and the API are asked for the rest.
  async booked(cents) {
    expect(await this.portal.kept()).toBe(cents);
    await this.seesPosted(this.debtRef, usd(this.who.owed - cents));
  }
}

// rowOf is the console's row of a debt.
const rowOf = (agent, debtRef) => agent.page.getByRole('row').filter({ hasText: debtRef });

// finds opens a person's account in the console.
async function finds(agent, who) {
  await agent.type('console.search', who.ref);
  await agent.press('console.search_go');
  await agent.press(who.full);
  await agent.sees(who.full);
}

for (const who of people) {
  test.describe(`facts that change on the way, ${who.lang}`, () => {
    test.use({ locale: `${who.lang}-US` });
    let person;
    test.beforeEach(async ({ page, portal }) => {
      person = new Journey(page, portal, who);
      await person.begins();
    });

    test('AMT-07 what was paid too much is said, and sent back by one press', async ({ browser, portal }) => {
      const surplus = usd(6500);
      const paid = await person.sends(who.owed);
      await person.filed('active', who.owed - 6500); // before the money came
      await person.later(untilSettled);
      await person.owes(0, person.say('debt.credit', { amount: surplus }), person.say('account.settled'));
      await person.open(paid);
      await person.sees(person.say('outcome.paid', { amount: usd(who.owed) }));
      await expect(person.main).toContainText(person.say('outcome.credit', { amount: surplus, creditor: who.creditor }));

      const agent = await atTheDesk(browser, portal, who.lang);
      await agent.open('/console/credits');
      await agent.sees('console.credits');
      await expect(rowOf(agent, person.debtRef)).toContainText(surplus);
      await agent.press(`${agent.say('console.credit_refund', { amount: surplus })} ${person.debtRef}`);
      await agent.sees('console.credits');
      await expect(rowOf(agent, person.debtRef)).toContainText(agent.say('console.credit_way', { amount: surplus }));
      await agent.page.context().close();

      await person.later(untilSettled);
      await person.owes(0, person.say('account.settled'));
      await person.open('/account');
      await expect(person.main).not.toContainText(person.say('debt.credit', { amount: surplus }));
      await person.open(paid);
      await person.sees(person.say('outcome.paid', { amount: usd(who.owed) }));
      await expect(person.main).toContainText(person.say('outcome.sent_back', { amount: surplus }));
      await person.booked(who.owed - 6500);
    });

    test('DIS-04 a part is disputed: the rest is paid, the part is asked for by nobody until it is answered', async ({ browser, page, portal }) => {
      const part = usd(6500);
      await person.press('door.wrong');
      await person.sees('dispute.title');
      await page.getByLabel(person.say('dispute.wrong_amount'), { exact: true }).check();
      await page.getByText(person.say('dispute.if_part'), { exact: true }).click();
      await page.locator('#scope_amount').check();
      await page.locator('#amount').fill('65');
      await person.press('dispute.next');
      await person.sees('dispute.check');
      await person.press('dispute.send');
      await person.sees('dispute.have');
      await person.owes(who.owed - 6500, person.say('owed.beside_disputed', { amount: part }), person.say('debt.disputed_part', { amount: part }));
      await person.paysByCard(who.owed - 6500);
      await expect(person.main.locator('.details-row').filter({ hasText: person.say('outcome.left', { creditor: who.creditor }) })).toContainText('$0.00');
      await expect(person.main.locator('.details-row').filter({ hasText: person.say('owed.disputed') })).toContainText(part);
      await person.owes(0, person.say('owed.disputed'), part, person.say('account.cannot_pay'));

      const agent = await atTheDesk(browser, portal, who.lang, 'kim@acme.example');
      await agent.open('/console/disputes');
      await agent.sees('console.disputes');
      await expect(rowOf(agent, person.debtRef)).toContainText(part);
      await agent.page.context().close();
      const { body: { disputes: [{ id }] } } = await portal.api('GET', '/api/v1/disputes?state=open');
      const answered = await portal.api('POST', `/api/v1/disputes/${id}/verification`, {
        outcome: 'verified', document_id: 'V-1', method: 'mail', sent_on: new Date().toISOString().slice(0, 10),
        document: { name: 'V-1.pdf', content: Buffer.from('%PDF-1.7 what we found').toString('base64') },
      });
      expect(answered.status, JSON.stringify(answered.body)).toBe(200);
      await person.owes(6500);
      await person.booked(who.owed - 6500);
    });

    test('a deal to pay less that was not kept: all of the rest is owed, and each page says so', async ({ browser, page, portal }) => {
      const terms = await portal.api('PUT', '/api/v1/terms', { terms: [{
        creditor_ref: who.debt.creditor_ref, effective: '2025-01-01', settlements: [{ min_age_days: 30, percent: 50, payments: 3, valid_days: 30 }],
      }] });
      expect(terms.status, JSON.stringify(terms.body)).toBe(200);
      await person.press('door.plan');
      await person.sees('plan.title');
      await page.locator('form:has(input[name=kind][value=settlement])').last().getByRole('button').click();
      const address = await person.signs('hand', 'plan.kind_settlement');
      const { forgiven_cents: other, installments: [{ amount_cents: first }, , { due: last }] } = await person.plan();
      await expect(person.main).toContainText(person.say('plan.let_go_later'));
      await person.press('plan.pay_one');
      await person.sees('choose.title');
      await person.paysByCard(first);
      await person.untilAfter(last);
      await person.later(untilSettled); // the days of grace

      const left = usd(who.owed - first);
      await person.owes(who.owed - first);
      await page.goto(address);
      await person.sees('plan.kind_settlement');
      await expect(person.main).toContainText(person.say('plan.broken'));
      await expect(person.main).toContainText(person.say('plan.broken_settled', { owed: left, amount: usd(other) }));
      await expect(person.main.locator('.details-strong')).toContainText(left);
      await expect(person.main).not.toContainText(person.say('plan.let_go_later'));
      const agent = await atTheDesk(browser, portal, who.lang);
      await finds(agent, who);
      await expect(rowOf(agent, person.debtRef)).toContainText(left);
      await agent.page.context().close();
      await person.booked(first);
    });

    test('ACH-08 what a bank takes back after a plan was paid is owed again, and the letter is withdrawn', async ({ browser, page, portal }) => {
      await person.wants(Math.ceil(who.owed / 2));
      const address = await person.signs('bank');
      const { installments: [first, last] } = await person.plan();
      await person.untilAfter(last.due);
      await person.later(untilSettled);
      await person.owes(0, person.say('account.settled'), person.lead('receipt.provisional'));
      await page.goto(address);
      await person.sees('plan.yours');
      await expect(person.main).toContainText(person.say('plan.completed'));
      await person.booked(who.owed);

      const { charges } = await portal.steer('charges');
      await portal.steer('return', { payment_intent: charges.at(-1).payment_intent, code: 'R10' });
      await person.later(1);
      await person.owes(last.amount_cents, person.lead('debt.returned'));
      await page.goto(address);
      await person.sees('plan.yours');
      await expect(person.main).not.toContainText(person.say('plan.completed'));
      for (const key of ['plan.canceled', 'plan.paused_method', 'plan.canceled_owed']) await expect(person.main).toContainText(person.say(key));
      await expect(person.main).toContainText(person.say('plan.progress', { paid: usd(first.amount_cents), total: usd(who.owed) }));
      await expect(person.main.locator('.details-strong')).toContainText(usd(last.amount_cents));
      await person.press('review.more');
      await person.sees(who.creditor);
      await page.getByRole('link', { name: person.say('letter.withdrawal') }).first().click();
      await person.sees('letter.withdrawal');
      await expect(person.main).toContainText(usd(last.amount_cents));

      const agent = await atTheDesk(browser, portal, who.lang);
      await finds(agent, who);
      await expect(rowOf(agent, person.debtRef)).toContainText(usd(last.amount_cents));
      await agent.page.context().close();
      await person.booked(first.amount_cents);
    });

    test('WHK-06 a debt is taken back in the midst of a plan: nothing more is taken, and what was on its way goes back', async ({ browser, page, portal }) => {
      await person.wants(10_000);
      const address = await person.signs('bank');
      const { installments: [first, second] } = await person.plan();
      const held = usd(second.amount_cents);
      await person.untilAfter(second.due);
      expect(await portal.charges('pending')).toEqual([second.amount_cents]);
      await person.filed('recalled', who.owed - first.amount_cents);
      await person.owes(0, person.say('debt.closed'), person.say('account.pending', { amount: held }));
      await page.goto(address);
      await person.sees('plan.yours');
      await expect(person.main).toContainText(person.say('plan.canceled_gone'));
      await expect(person.main).not.toContainText(person.say('debt.today'));

      await person.later(untilSettled);
      await person.owes(0, person.say('debt.closed'));
      await person.open('/account');
      await page.locator('a[href^="/payments/pay_"]').first().click();
      await person.sees(person.say('outcome.held', { amount: held }));
      await expect(person.main).toContainText(person.say('outcome.held_not_paid'));
      const payment = page.url();

      const agent = await atTheDesk(browser, portal, who.lang);
      await agent.open('/console/held');
      await agent.sees('console.held');
      const row = rowOf(agent, person.debtRef);
      await expect(row).toContainText(held);
      await expect(row).toContainText(agent.say('console.held_recalled'));
      await row.getByRole('checkbox').check(); // the risk is ours
      await row.getByRole('button', { name: agent.say('console.held_now') }).click();
      await agent.sees('console.held');
      await agent.page.context().close();

      await person.later(33); // and no further installment
      await person.owes(0, person.say('debt.closed'));
      await page.goto(payment);
      await person.sees(person.say('outcome.refunded', { amount: held }));
      await person.booked(first.amount_cents);
    });
  });
}
