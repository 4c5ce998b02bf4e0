import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

// U17: whatever is pressed twice, loaded again, gone back to, opened in two
// tabs or outlived by its session charges once.

const creditor = 'Riverside Hospital';

// reviews goes from the code to the last button.
async function reviews(visitor, amount = 'all') {
  await visitor.signIn(visitor.portal.people.ben);
  await visitor.picks({ [creditor]: amount }, 'card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
}

const payButton = (page) => page.getByRole('button', { name: /^Pay \$/ });

test('AMT-07 a double click charges once', async ({ visitor, portal, page }) => {
  await reviews(visitor);
  await payButton(page).dblclick();
  await visitor.sees('You paid $482.17');
  expect(await portal.charges()).toEqual([48217]);
});

test('AMT-07 the same form sent five times at once charges once', async ({ visitor, portal, page }) => {
  await reviews(visitor);
  const form = page.locator('form', { has: payButton(page) });
  const csrf = await form.locator('input[name=csrf]').inputValue();
  const send = () => page.request.post(page.url(), { form: { csrf }, headers: { Origin: portal.url } });
  const answers = await Promise.all([send(), send(), send(), send(), send()]);
  expect(answers.map((a) => a.status())).toEqual([200, 200, 200, 200, 200]); // all led to the outcome
  await page.reload();
  await visitor.sees('You paid $482.17');
  expect(await portal.charges()).toEqual([48217]);
});

test('AMT-07 loading again and going back after paying lead to what happened, not to another charge', async ({ visitor, portal, page }) => {
  await reviews(visitor, '100.00');
  await visitor.pays('$100.00');
  await visitor.sees('You paid $100.00');
  await page.reload();
  await visitor.sees('You paid $100.00');

  for (const step of ['review', 'card']) {
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1 }), `back at the ${step}`).toHaveText('You paid $100.00');
    await expect(payButton(page)).toHaveCount(0);
  }
  await page.goForward();
  await visitor.sees('You paid $100.00');
  expect(await portal.charges()).toEqual([10000]);
});

test('AMT-07 the choice that was sent and is sent again after going back finds the payment it made', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ben);
  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  await visitor.chooses({ [creditor]: 'all' });
  await visitor.choosesMethod('card');
  const form = Object.fromEntries(await page.locator('form[data-total]').evaluate((f) => [...new FormData(f)]));
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
  const payment = new URL(page.url()).pathname.split('/')[2];
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
  await visitor.pays('$482.17');
  await visitor.sees('You paid $482.17');

  const again = await page.request.post(new URL('/payments/new', portal.url).href, { form, headers: { Origin: portal.url } });
  expect(new URL(again.url()).pathname).toBe(`/payments/${payment}`);
  expect(await again.text()).toContain('You paid $482.17');
  expect(await portal.charges()).toEqual([48217]);
});

test('AMT-07 two tabs on the same debt charge once, and the other tab says that nothing was taken', async ({ visitor, portal, page }) => {
  await reviews(visitor);
  const other = await visitor.other();
  await other.open('/account');
  await other.sees('Hello Ben');
  await other.picks({ [creditor]: 'all' }, 'card');
  await other.givesCard(cards.debit);
  await other.sees('review.title');
  await other.pays('$482.17');
  await other.sees('You paid $482.17');

  await visitor.pays('$482.17');
  await expect(page.getByRole('main')).toContainText(/Nothing was taken|has changed since/);
  expect(await portal.charges()).toEqual([48217]);
  await visitor.open('/account');
  await visitor.sees('Hello Ben');
  await expect(page.getByRole('main')).toContainText(visitor.say('account.settled'));
});

test('AMT-07 two tabs that press at the same moment charge once', async ({ visitor, portal, page }) => {
  await reviews(visitor);
  const other = await visitor.other();
  await other.page.goto(page.url());
  await other.sees('review.title');
  await Promise.all([visitor.pays('$482.17'), other.pays('$482.17')]);
  await visitor.sees('You paid $482.17');
  await other.sees('You paid $482.17');
  expect(await portal.charges()).toEqual([48217]);
});

test('SEC-12 a session that ends before the last button takes nothing, says so, and leads back', async ({ visitor, portal, page }) => {
  await reviews(visitor);
  await visitor.movesClock(1);
  await visitor.pays('$482.17');
  await visitor.sees('expired.title');
  await expect(page.getByRole('main')).toContainText('Nothing was taken');
  expect(await portal.charges()).toEqual([]);

  await visitor.signIn(portal.people.ben);
  expect(await portal.charges()).toEqual([]); // signing in never pays
  await visitor.open('/account');
  await visitor.sees('Hello Ben');
  await visitor.picks({ [creditor]: 'all' }, 'card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
  await visitor.pays('$482.17');
  await visitor.sees('You paid $482.17');
  expect(await portal.charges()).toEqual([48217]);
});

test('A11-01 what was typed before the session ended is there again after signing in', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ben);
  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  await visitor.chooses({ [creditor]: '123.45' });
  await visitor.choosesMethod('card');
  await page.context().clearCookies({ name: /session/ });
  await visitor.press('frame.continue');
  await visitor.sees('expired.title');
  await expect(page.getByRole('main')).toContainText(visitor.say('expired.kept'));
  await visitor.press('expired.again');
  await visitor.sees('start.title');
  await visitor.type('start.label', portal.people.ben.code);
  await visitor.press('frame.continue');
  await visitor.provesWho(portal.people.ben, 'choose.title');
  await expect(visitor.debt(creditor).getByLabel(visitor.say('choose.amount'))).toHaveValue('123.45');
  await expect(page.locator('#method-card')).toBeChecked();
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
});

test('U13 while the answer of the bank is lost the page says not to pay again, and then what happened', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await reviews(visitor);
  // The charge is made, its answer is lost, and for a while nobody can be asked.
  await portal.steer('faults', { next: [{ mode: 'reset_after', n: 1, path: '/confirm' }, { mode: '500', n: 1000, path: '/v1/payment_intents/pi_' }] });
  await visitor.pays('$482.17');
  await visitor.sees('outcome.checking');
  await expect(main).toContainText('Do not pay again.');
  const outcome = page.url();

  await visitor.open('/payments/new');
  await visitor.sees('choose.title');
  await expect(main).toContainText(visitor.say('choose.nothing'));

  await page.goto(outcome);
  await portal.steer('faults', { clear: true });
  await visitor.sees('You paid $482.17'); // by itself
  expect(await portal.charges()).toEqual([48217]);
});
