import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

test('a typed code leads to a verified person, an itemized debt, a payment by card, a receipt and a posting', async ({ visitor, portal, page }) => {
  const ben = portal.people.ben;
  await visitor.signIn(ben);
  await expect(page.getByText('$482.17').first()).toBeVisible();

  await page.getByRole('link', { name: 'Details Riverside Hospital' }).or(page.getByRole('link', { name: /Riverside Hospital/ })).first().click();
  await visitor.sees(/Riverside Hospital/);
  for (const line of ['legal.interest', 'legal.fees', 'legal.paid', 'legal.total']) {
    await expect(page.getByText(visitor.say(line))).toBeVisible();
  }
  await page.goBack();

  await visitor.picks({ 'Riverside Hospital': '150.00' }, 'card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
  await expect(page.getByRole('main')).toContainText('Visa');
  await expect(page.getByRole('main')).toContainText('4242');
  await visitor.pays('$150.00');
  await visitor.sees('You paid $150.00');
  await expect(page.getByRole('main')).toContainText('$332.17'); // what is left
  expect(await portal.charges()).toEqual([15000]);
  const reference = (await page.getByRole('main').innerText()).match(/PAY-[23456789A-HJ-NP-Z]{8}/)[0];

  await visitor.press('outcome.receipt');
  await visitor.sees('receipt.title');
  await expect(page.getByRole('main')).toContainText(reference);
  await expect(page.getByRole('main')).toContainText('$150.00');

  expect(await visitor.seesPosted('A-1002-1', '$332.17')).toContain(visitor.say('demo.verified'));

  await visitor.open('/account');
  await visitor.sees('Hello Ben');
  await expect(page.getByRole('main')).toContainText('$332.17');
  await expect(page.getByRole('main')).toContainText('Paid');
});
