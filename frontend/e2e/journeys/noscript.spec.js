import { test, expect } from '../portal.js';
import { banks, cards } from '../visitor.js';

test.beforeEach(({ visitor }) => visitor.withoutScripts());

// reaches goes to the card or bank step, which is all that needs a script, and
// on to the hosted page once all is said that there is to say before paying.
async function reaches(visitor, person, amounts, method, pays) {
  await visitor.signIn(person);
  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  await visitor.chooses(amounts);
  await visitor.choosesMethod(method);
  await visitor.press('frame.continue');
  await visitor.sees(method === 'card' ? 'paymethod.card_title' : 'paymethod.bank_title');
  await expect(visitor.page.getByRole('main')).toContainText(visitor.say('paymethod.no_script'), { useInnerText: true });
  await visitor.press('paymethod.hosted');
  await visitor.sees('review.title');
  if (method === 'bank') await visitor.page.getByLabel(visitor.say('legal.authorize_yes')).check();
  await visitor.press(visitor.say('review.pay_there', { amount: pays }));
}

test('U7 without JavaScript a card is given on the hosted page, by plain forms', async ({ visitor, portal, page }) => {
  await reaches(visitor, portal.people.ana, { 'City Water': '50.00', 'Mercy Clinic': 'all' }, 'card', '$382.17');
  await visitor.sees('Payment to');
  await page.locator('#number').fill('4242');
  await page.locator('button').click();
  await visitor.sees('Payment to');
  await expect(page.getByRole('alert')).toBeVisible();

  await page.locator('#number').fill(cards.credit);
  await page.locator('#expiry').fill('12 / 40');
  await page.locator('#cvc').fill('123');
  await page.getByRole('button', { name: 'Pay $382.17 now' }).click();
  await visitor.sees('You paid $382.17');
  expect(await portal.charges()).toEqual([38217]);
  await visitor.seesPosted('A-1001-2', '$100.00');
});

test('U7 without JavaScript a bank account is given on the hosted page, by plain forms', async ({ visitor, portal, page }) => {
  await reaches(visitor, portal.people.ben, { 'Riverside Hospital': '82.17' }, 'bank', '$82.17');
  await visitor.sees('Payment to');
  await page.locator('#name').fill('Ben Okafor');
  await page.locator('#routing').fill('110000000');
  await page.locator('#account').fill(banks.good);
  await page.locator('button').click();
  await visitor.sees('Your bank is sending $82.17');
  expect(await portal.charges('pending')).toEqual([8217]);
});

test('U7 whoever comes back from the hosted page without paying has paid nothing', async ({ visitor, portal, page }) => {
  await reaches(visitor, portal.people.ben, { 'Riverside Hospital': 'all' }, 'card', '$482.17');
  await visitor.sees('Payment to');
  await page.getByRole('link', { name: 'Go back without paying' }).click();
  await visitor.sees('outcome.canceled');
  await expect(page.getByRole('main')).toContainText(visitor.say('outcome.nothing_taken'));
  expect(await portal.charges()).toEqual([]);
});

test('without JavaScript every page before and after paying is there', async ({ visitor, portal, page }) => {
  await visitor.open('/is-this-real');
  await visitor.sees('real.title');
  await visitor.type('real.label', portal.people.carla.code);
  await visitor.type('real.words_label', 'calm river stone');
  await visitor.press('real.show');
  await visitor.sees('real.title');
  await expect(page.getByRole('main')).toContainText(visitor.say('real.not_title'));
  await visitor.signIn(portal.people.carla);
  await visitor.press('door.help');
  await visitor.sees('door.help');
  await visitor.press('frame.sign_out');
  await visitor.sees('signedout.title');
});
