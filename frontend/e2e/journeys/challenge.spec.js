import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

const creditor = 'Tri-County Internet';

test.beforeEach(async ({ visitor, portal }) => {
  await visitor.signIn(portal.people.hassan);
  await visitor.picks({ [creditor]: 'all' }, 'card');
  await visitor.givesCard(cards.challenge);
  await visitor.sees('review.title');
  await visitor.pays('$176.00');
  await visitor.sees('outcome.action');
  await visitor.press('outcome.action_start');
});

test('a card whose bank asks first (3-D Secure) is charged once the person has answered', async ({ visitor, portal, page }) => {
  const bank = page.frameLocator('dialog iframe');
  await expect(bank.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await portal.charges()).toEqual([]);
  await bank.getByRole('button', { name: 'Complete' }).click();
  await visitor.sees('You paid $176.00');
  expect(await portal.charges()).toEqual([17600]);
  await visitor.seesPosted('A-1008-1', '$0.00');
});

test('a card whose bank is not convinced (3-D Secure) is not charged, and another card is', async ({ visitor, portal, page }) => {
  await page.frameLocator('dialog iframe').getByRole('button', { name: 'Fail' }).click();
  await visitor.sees('outcome.failed_card');
  await expect(page.getByRole('main')).toContainText(visitor.say('outcome.nothing_taken'));
  await expect(page.getByRole('main')).toContainText(visitor.say('reason.authentication'));
  expect(await portal.charges()).toEqual([]);

  await visitor.press('outcome.try_again');
  await visitor.sees('choose.title');
  await visitor.chooses({ [creditor]: 'all' });
  await visitor.choosesMethod('card');
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
  await visitor.pays('$176.00');
  await visitor.sees('You paid $176.00');
  expect(await portal.charges()).toEqual([17600]);
});
