import { test, expect } from '../portal.js';
import { banks } from '../visitor.js';

// A week and a day holds four business days, whatever weekend or holiday is in it.
const untilSettled = 8;

test('a payment by bank is pending until a date, is not called paid before, and settles', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.ben);
  await visitor.picks({ 'Riverside Hospital': 'all' }, 'bank');
  await visitor.givesBank(banks.good, 'Ben Okafor');
  await visitor.sees('review.title');
  await expect(main).toContainText('I authorize Acme Services LLC to debit $482.17 one time from my account');

  await visitor.pays('$482.17');
  await visitor.sees('review.title');
  await expect(main).toContainText(visitor.say('problem.authorize'));
  expect(await portal.charges('pending')).toEqual([]);

  await visitor.agrees();
  await visitor.pays('$482.17');
  await visitor.sees('Your bank is sending $482.17');
  await expect(main).toContainText(/It should clear by \w+, \w+ \d+/);
  await expect(main).not.toContainText(/\bpaid\b/i);
  const outcome = page.url();
  expect(await portal.charges('pending')).toEqual([48217]);

  await visitor.press('outcome.receipt');
  await visitor.sees('receipt.title');
  await expect(main).toContainText('This payment has not cleared yet.');
  await expect(main).not.toContainText(/\bpaid\b(?! by)/i);

  await visitor.open('/account');
  await visitor.sees('Hello Ben');
  await expect(main).toContainText('$482.17 is on its way');
  await expect(main).not.toContainText(/\bpaid\b/i);

  await visitor.movesClock(1);
  await visitor.signIn(portal.people.ben);
  await visitor.open(outcome);
  await visitor.sees('Your bank is sending $482.17');

  await visitor.movesClock(untilSettled);
  await visitor.signIn(portal.people.ben);
  await expect(main).toContainText(visitor.say('account.settled'));
  await visitor.open(outcome);
  await visitor.sees('You paid $482.17');
  expect(await portal.charges()).toEqual([48217]);
  await visitor.seesPosted('A-1002-1', '$0.00');
});

test('a payment by bank that is returned on day 4 says so, and the balance is back', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.grace);
  await visitor.picks({ 'Queen City Electric': 'all' }, 'bank');
  await visitor.givesBank(banks.bounces, 'Grace Tanaka');
  await visitor.sees('review.title');
  await visitor.agrees();
  await visitor.pays('$231.40');
  await visitor.sees('Your bank is sending $231.40');
  const outcome = page.url();

  await visitor.movesClock(untilSettled);
  await visitor.signIn(portal.people.grace);
  await expect(main).toContainText('$231.40');
  await expect(main).toContainText('Your bank sent a payment back on');
  await expect(main).not.toContainText(/\bpaid\b/i);
  await visitor.open(outcome);
  await visitor.sees(/^Your bank sent the payment back on/);
  await expect(main).toContainText(visitor.say('outcome.returned_fee'));
  await expect(main).toContainText(visitor.say('reason.funds'));
  expect(await portal.charges()).toEqual([]);
  await visitor.seesPosted('A-1007-1', '$231.40');

  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  await expect(visitor.debt('Queen City Electric')).toContainText('$231.40');
});
