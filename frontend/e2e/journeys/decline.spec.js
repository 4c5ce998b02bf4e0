import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

test('a declined card takes nothing, and another try charges once', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.ivy);
  await visitor.picks({ 'Stark County Ambulance': 'all' }, 'card');
  await visitor.givesCard(cards.declined);
  await visitor.sees('review.title');
  await visitor.pays('$350.00');
  await visitor.sees('outcome.failed_card');
  await expect(main).toContainText(visitor.say('outcome.nothing_taken'));
  await expect(main).toContainText(visitor.say('reason.declined'));
  await expect(main).not.toContainText(/card_declined|generic_decline|insufficient/i);
  expect(await portal.charges()).toEqual([]);

  await visitor.press('outcome.try_again');
  await visitor.sees('choose.title');
  await visitor.chooses({ 'Stark County Ambulance': 'all' });
  await visitor.choosesMethod('card');
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
  await visitor.pays('$350.00');
  await visitor.sees('You paid $350.00');
  expect(await portal.charges()).toEqual([35000]);
  await visitor.seesPosted('A-1009-1', '$0.00');
});
