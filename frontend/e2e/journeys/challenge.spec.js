import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

const creditor = 'Tri-County Internet';

// The bank asks on a page of its own, which no script of ours has a part in.
async function reachesTheBank(visitor, portal, script = 'with') {
  await visitor.signIn(portal.people.hassan);
  await visitor.picks({ [creditor]: 'all' }, 'card');
  await visitor.givesCard(cards.challenge);
  await visitor.sees('review.title');
  await visitor.pays('$176.00');
  await visitor.sees('outcome.action');
  if (script === 'without') await visitor.withoutScripts();
  await visitor.press('outcome.action_start');
  await expect(visitor.page.locator('button[value=complete]')).toBeVisible();
  expect(await portal.charges()).toEqual([]);
}

for (const script of ['with', 'without']) {
  test(`${script} JavaScript a card whose bank asks first (3-D Secure) is charged once the person has answered`, async ({ visitor, portal, page }) => {
    await reachesTheBank(visitor, portal, script);
    await page.locator('button[value=complete]').click();
    await visitor.sees('You paid $176.00');
    expect(page.url(), 'what the processor wrote into the address').toMatch(/\/payments\/pay_\w+$/);
    expect(await portal.charges()).toEqual([17600]);
    await visitor.seesPosted('A-1008-1', '$0.00');
  });
}

test('a bank that cannot be reached leads nobody into a dead end: the question stands, and another way is open', async ({ visitor, portal, page }) => {
  await page.route('**/3ds/**', (route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<!doctype html><title>Out of order</title>' }));
  await visitor.signIn(portal.people.hassan);
  await visitor.picks({ [creditor]: 'all' }, 'card');
  await visitor.givesCard(cards.challenge);
  await visitor.sees('review.title');
  await visitor.pays('$176.00');
  await visitor.sees('outcome.action');
  const address = page.url();
  await visitor.press('outcome.action_start');
  await expect(page).toHaveTitle('Out of order');
  await visitor.open(address);
  await visitor.sees('outcome.action');
  await expect(page.getByRole('main')).toContainText(visitor.say('outcome.action_call'));
  await expect(page.getByRole('main').getByRole('link', { name: /\(\d{3}\) \d{3}-\d{4}/ })).toBeVisible();
  await visitor.press('outcome.other_method');
  await visitor.sees('choose.title');
  expect(await portal.charges()).toEqual([]);
});

test('a card whose bank is not convinced (3-D Secure) is not charged, and another card is', async ({ visitor, portal, page }) => {
  await reachesTheBank(visitor, portal);
  await page.locator('button[value=fail]').click();
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
