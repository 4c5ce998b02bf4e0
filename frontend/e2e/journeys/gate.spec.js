import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

test('STR-02 a credit card debt refuses a credit card before anything is charged, and takes a debit card', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.jamal);
  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  await expect(main).toContainText(visitor.say('choose.no_credit'));
  await visitor.chooses({ 'First Prairie Bank': '200.00' });
  await visitor.choosesMethod('card');
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
  await expect(main).not.toContainText(visitor.say('paymethod.hosted_text')); // any card could be typed there

  await visitor.givesCard(cards.credit);
  await expect(main).toContainText(visitor.say('refused.credit_title'));
  await expect(main).toContainText(visitor.say('refused.credit'));
  await visitor.seesFields('card');
  expect(await portal.charges()).toEqual([]);

  await visitor.givesCard(cards.debit);
  await visitor.sees('review.title');
  await visitor.pays('$200.00');
  await visitor.sees('You paid $200.00');
  expect(await portal.charges()).toEqual([20000]);
  await visitor.seesPosted('A-1010-1', '$1,394.55');
});
