import { test, expect } from '../portal.js';
import { banks, cards } from '../visitor.js';

// Three months and three weeks hold three monthly payments that begin within
// five weeks, and the days in which a bank settles the last one.
const untilPaid = 115;

// wants goes from the account to the dates of a plan by the consumer's own
// number.
async function wants(visitor, page, amount) {
  await visitor.press('door.plan');
  await visitor.sees('plan.title');
  await visitor.type('plan.own_amount', amount);
  await page.locator('select[name=rhythm]').selectOption({ label: visitor.say('plan.every_month') });
  await page.locator('select[name=first]').selectOption({ index: 12 });
  await page.locator('form.sheet').first().getByRole('button', { name: visitor.say('plan.see_dates') }).click();
}

// signs reads the text, ticks and types the name, and arrives at the plan.
async function signs(visitor, page, name, arrives = 'plan.yours') {
  await visitor.sees('plan.sign');
  await expect(page.getByRole('checkbox')).not.toBeChecked();
  await page.getByRole('checkbox').check();
  await visitor.type('plan.name', name);
  await visitor.press('plan.agree');
  await visitor.sees(arrives);
}

async function pays(visitor, page, charging) {
  await visitor.sees('plan.dates');
  for (const radio of await page.getByRole('radio').all()) await expect(radio).not.toBeChecked();
  await page.locator(`#charging-${charging}`).check();
  await visitor.press('frame.continue');
}

async function plansByBank(visitor, page, account, name) {
  await pays(visitor, page, 'bank');
  await visitor.seesFields('bank');
  await visitor.givesBank(account, name);
  await signs(visitor, page, name);
}

test('a plan by bank, from the own number to the third installment and the letter', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.ben);
  await wants(visitor, page, '160.73');
  await visitor.sees('plan.dates');
  await expect(main).toContainText('$482.17');
  await expect(main).toContainText('$160.71');
  await plansByBank(visitor, page, banks.good, 'Ben Okafor');
  await expect(main).toContainText('$0.00 of $482.17 is paid');
  const plan = page.url();
  expect(await portal.charges('pending')).toEqual([]);

  const calendar = await page.request.get(`${plan}/calendar.ics`);
  expect(calendar.headers()['content-type']).toContain('text/calendar');
  expect((await calendar.text()).match(/BEGIN:VEVENT/g)).toHaveLength(3);
  await visitor.press('plan.agreed_to');
  await visitor.sees('plan.paper');
  await expect(main).toContainText('Ben Okafor');

  await visitor.movesClock(untilPaid);
  await visitor.signIn(portal.people.ben);
  await visitor.open(plan);
  await visitor.sees('plan.yours');
  await expect(main).toContainText(visitor.say('plan.completed'));
  expect(await portal.charges()).toEqual([16073, 16073, 16071]);
  await visitor.press('plan.letter_see');
  await visitor.sees('plan.letter_paid');
  await visitor.seesPosted('A-1002-1', '$0.00');
  await page.goto(portal.phone);
  await expect(page.getByText(/we will take \$160\.73/).first()).toBeVisible();
});

test('a plan by card: skip one, move one, and every payment is still made', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.hassan);
  await wants(visitor, page, '60.00');
  await pays(visitor, page, 'card');
  await visitor.seesFields('card');
  await visitor.givesCard(cards.credit);
  await signs(visitor, page, 'Hassan Farouk');
  const plan = page.url();

  for (const action of ['skip', 'move']) {
    await visitor.open(`${plan}/change`);
    await visitor.sees('change.title');
    await page.getByText(visitor.say(`change.${action}`), { exact: true }).click();
    const form = page.locator(`form:has(input[name=action][value=${action}])`);
    await form.locator('select').first().selectOption({ index: 1 });
    if (action === 'move') await form.locator('select').nth(1).selectOption({ index: 20 });
    await form.getByRole('button').click();
    await visitor.sees('change.check');
    await page.getByRole('checkbox').check();
    await visitor.type('plan.name', 'Hassan Farouk');
    await visitor.press('change.yes');
    await visitor.sees('plan.yours');
  }
  await visitor.movesClock(untilPaid + 35);
  await visitor.signIn(portal.people.hassan);
  await visitor.open(plan);
  await expect(main).toContainText(visitor.say('plan.completed'));
  expect(await portal.charges()).toEqual([6000, 5600, 6000]);
});

test('another card for a running plan: signed anew, and charged from then on', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.ben);
  await wants(visitor, page, '160.73');
  await plansByBank(visitor, page, banks.good, 'Ben Okafor');
  const plan = page.url();
  await visitor.press('plan.change');
  await visitor.sees('change.title');
  await visitor.press('plan.other_method');
  await visitor.sees('plan.other_method');
  for (const radio of await page.getByRole('radio').all()) await expect(radio).not.toBeChecked();
  await page.locator('#charging-card').check();
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('plan.sign');
  await expect(page.getByRole('checkbox')).not.toBeChecked();
  await page.getByRole('checkbox').check();
  await visitor.type('plan.name', 'Ben Okafor');
  await visitor.press('change.yes');
  await visitor.sees('plan.yours');
  await expect(main).toContainText('4242');
  await visitor.open(`${plan}/agreements/1`);
  await visitor.sees('plan.paper');

  await visitor.movesClock(untilPaid);
  await visitor.signIn(portal.people.ben);
  await visitor.open(plan);
  await expect(main).toContainText(visitor.say('plan.completed'));
  expect(await portal.charges()).toEqual([16073, 16073, 16071]);
});

test('stopping a plan takes two clicks, and nothing is ever charged', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.ben);
  await wants(visitor, page, '200');
  await plansByBank(visitor, page, banks.good, 'Ben Okafor');
  await visitor.press('plan.stop');
  await visitor.sees('plan.stop_ask');
  await page.getByRole('button', { name: visitor.say('plan.stop_yes') }).click();
  await visitor.sees('plan.yours');
  await expect(main).toContainText(visitor.say('plan.canceled'));
  await visitor.movesClock(untilPaid);
  expect(await portal.charges()).toEqual([]);
  expect(await portal.charges('pending')).toEqual([]);
});

test('an installment that comes back is told kindly, and paying by hand recovers the plan', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.grace);
  await wants(visitor, page, '115.70');
  await plansByBank(visitor, page, banks.bounces, 'Grace Tanaka');
  const plan = page.url();
  await visitor.movesClock(40);
  await visitor.signIn(portal.people.grace);
  await visitor.open(plan);
  await visitor.sees('plan.yours');
  await expect(main).toContainText(visitor.say('plan.line_failed'));
  await expect(main).toContainText('$0.00 of $231.40 is paid');
  expect(await portal.charges()).toEqual([]);

  await visitor.press('plan.pay_one');
  await visitor.sees('choose.title');
  await visitor.chooses({ 'Queen City Electric': '115.70' });
  await visitor.choosesMethod('card');
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
  await visitor.pays('$115.70');
  await visitor.sees('You paid $115.70');
  await visitor.open(plan);
  await visitor.sees('plan.yours');
  await expect(main).toContainText('$115.70 of $231.40 is paid');
});

test('a settlement in two payments lets the rest go', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  const { status, body } = await portal.api('PUT', '/api/v1/terms', { terms: [{
    creditor_ref: 'C-102', effective: '2025-01-01', settlements: [{ min_age_days: 30, percent: 50, payments: 2, valid_days: 30 }],
  }] });
  expect(status, JSON.stringify(body)).toBe(200);
  await visitor.signIn(portal.people.ben);
  await visitor.press('door.plan');
  await visitor.sees('plan.title');
  await page.getByRole('button', { name: /\$120\.55/ }).last().click(); // a plan of four is offered before it
  await pays(visitor, page, 'card');
  await visitor.seesFields('card');
  await visitor.givesCard(cards.credit);
  await signs(visitor, page, 'Ben Okafor', 'plan.kind_settlement');
  const plan = page.url();
  await visitor.movesClock(untilPaid);
  await visitor.signIn(portal.people.ben);
  await visitor.open(plan);
  await expect(main).toContainText('The other $241.08 is let go.');
  expect(await portal.charges()).toEqual([12055, 12054]);
  await visitor.open('/payments/new');
  await expect(main).not.toContainText('$241.08');
});

test('what cannot be is said beside the field with the nearest that can, and keeps what was typed', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ben);
  await wants(visitor, page, '3');
  await visitor.sees('plan.title');
  await expect(page.getByLabel(visitor.say('plan.own_amount'), { exact: true })).toHaveValue('3');
  await expect(page.getByRole('main')).toContainText('$25.00');
});

test('the worksheet finds a number, is kept as a copy, and a plan begins at it', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.ben);
  await visitor.press('door.plan');
  await visitor.sees('plan.title');
  await visitor.press('budget.ask');
  await visitor.sees('budget.title');
  await visitor.type('budget.people', '2');
  await visitor.type('budget.pay', 'some');
  await visitor.press('budget.submit');
  await visitor.sees('budget.title');
  await expect(page.getByLabel(visitor.say('budget.pay'), { exact: true })).toHaveValue('some');
  await expect(main).toContainText(visitor.say('problem.budget_amount'));

  await visitor.type('budget.pay', '1,850');
  await visitor.type('budget.housing', '1100');
  await visitor.type('budget.food', '508.40');
  await visitor.press('budget.submit');
  await visitor.sees('budget.found');
  await expect(main).toContainText('$241.60'); // what is left
  await expect(main).toContainText('$120.00'); // half of it, in whole dollars
  await expect(main).toContainText('quittance-1');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText(visitor.say('budget.left'), { exact: true })).toBeVisible();
  await expect(main.getByRole('link', { name: visitor.say('pay.not_now') })).toBeHidden();
  await page.emulateMedia({ media: 'screen' });

  await page.getByRole('button', { name: visitor.say('budget.begin', { amount: '$120.00' }) }).click();
  await visitor.sees('plan.dates');
  await expect(main).toContainText('$482.17');
  await expect(main).toContainText('$120.55');
  await pays(visitor, page, 'hand');
  await signs(visitor, page, 'Ben Okafor');
  await expect(main).toContainText('$0.00 of $482.17 is paid');
});
