import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

// What can keep the processor's fields away. Each answers requests until
// comesBack() is called; "hangs" never answers.
const nothing = { contentType: 'text/javascript', body: '' };
const mute = { contentType: 'text/javascript', body: 'window.Stripe = () => ({ elements: () => ({ create: () => ({ on() {}, mount() {} }) }) });' };
const faults = [
  ['the processor\'s script is blocked', '**/v3/', (route) => route.abort()],
  ['the processor\'s script is empty', '**/v3/', (route) => route.fulfill(nothing)],
  ['the processor\'s script hangs', '**/v3/', () => {}],
  ['the processor\'s script never says that it is ready', '**/v3/', (route) => route.fulfill(mute)],
  ['the fields\' frame is blocked', '**/js/element**', (route) => route.abort()],
  ['the fields\' frame hangs', '**/js/element**', () => {}],
  ['our own script is blocked', '**/assets/**pay-method**', (route) => route.abort()],
];

// reaches goes to the card step, where the fields do not come, and lets 15
// seconds pass. No script of ours tells of it when it is our own that is blocked.
async function reaches(visitor, person, amounts) {
  await visitor.signIn(person);
  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  await visitor.chooses(amounts);
  await visitor.choosesMethod('card');
  await visitor.page.clock.install();
  await visitor.press('frame.continue');
  await expect(visitor.page.getByRole('heading', { level: 1, name: visitor.say('paymethod.card_title') })).toBeVisible();
}

// seesWays looks at what the page says then, and at the ways it leads.
async function seesWays(visitor, told = true) {
  const main = visitor.page.getByRole('main');
  await visitor.page.clock.fastForward(15_000);
  if (told) await expect(main.getByRole('alert').filter({ hasText: visitor.say('paymethod.not_loaded') })).toBeVisible();
  await expect(main.getByRole('heading', { name: visitor.say('paymethod.late_title') })).toBeVisible({ timeout: 15_000 });
  await expect(main).toContainText(visitor.say('paymethod.late'));
  await expect(main.getByRole('link', { name: visitor.say('paymethod.again') })).toBeVisible();
  await expect(main.getByRole('link', { name: /\(\d{3}\) \d{3}-\d{4}/ })).toBeVisible();
  await expect(main.getByRole('button', { name: visitor.say('frame.continue') })).toBeHidden();
  // axe waits for frames, and one of these hangs; the gallery shows the same page.
  if (visitor.page.frames().length === 1) await visitor.sees('paymethod.card_title');
}

for (const [fault, address, answer] of faults) {
  const own = address.includes('/assets/');
  test(`when ${fault} the card step says so within 15 seconds and offers ways that work`, async ({ visitor, portal, page }) => {
    await page.route(address, answer);
    await reaches(visitor, portal.people.ana, { 'City Water': 'all' });
    await seesWays(visitor, !own);
    await expect(page.getByRole('link', { name: visitor.say('paymethod.hosted') })).toBeVisible();

    const again = await page.getByRole('link', { name: visitor.say('paymethod.again') }).getAttribute('href');
    await page.unroute(address);
    await visitor.open(again);
    await visitor.seesFields('card');
    await expect(page.getByRole('heading', { name: visitor.say('paymethod.late_title') })).toBeHidden();
    await visitor.givesCard(cards.credit);
    await visitor.sees('review.title');
    expect(await portal.charges()).toEqual([]);
  });
}

test('en español: cuando el formulario no llega, la página lo dice y ofrece otras formas', async ({ visitor, portal, page }) => {
  await page.route('**/v3/', () => {});
  await reaches(visitor, portal.people.lucia, { 'Clínica del Sol': 'all' });
  await seesWays(visitor);
  await visitor.press('paymethod.hosted');
  await visitor.sees('review.title');
});

test('G04 a debt that no credit card may pay is paid from a bank account, without the fields and without our script', async ({ visitor, portal, page }) => {
  await page.route('**/v3/', (route) => route.abort());
  await page.route('**/assets/**pay-method**', (route) => route.abort());
  await reaches(visitor, portal.people.jamal, { 'First Prairie Bank': '200.00' });
  await seesWays(visitor, false);
  await expect(page.getByRole('link', { name: visitor.say('paymethod.hosted') })).toBeHidden();
  await visitor.press('paymethod.by_bank');
  await visitor.sees('choose.title');
  await visitor.choosesMethod('bank');
  await visitor.press('frame.continue');
  await visitor.sees('paymethod.bank_title');
  await visitor.press('paymethod.hosted');
  await visitor.sees('review.title');
  await page.getByLabel(visitor.say('legal.authorize_yes')).check();
  await visitor.press(visitor.say('review.pay_there', { amount: '$200.00' }));
  await visitor.sees('Payment to');
});

test('fields that come after all put the words away, and a token that does not come is told without breaking anything off', async ({ visitor, portal, page }) => {
  let letGo;
  const held = new Promise((resolve) => { letGo = resolve; });
  await page.route('**/js/element**', async (route) => { await held; await route.continue(); });
  await reaches(visitor, portal.people.ana, { 'City Water': 'all' });
  await seesWays(visitor);
  letGo();
  await visitor.seesFields('card');
  await expect(page.getByRole('heading', { name: visitor.say('paymethod.late_title') })).toBeHidden();
  await expect(page.getByText(visitor.say('paymethod.not_loaded'))).toBeHidden();

  let give;
  const kept = new Promise((resolve) => { give = resolve; });
  await page.route('**/v1/confirmation_tokens', async (route) => { await kept; await route.continue(); });
  await visitor.givesCard(cards.credit);
  await expect(page.getByRole('button', { name: visitor.say('frame.continue') })).toHaveAttribute('aria-disabled', 'true');
  await page.clock.fastForward(15_000);
  await expect(page.getByRole('alert').filter({ hasText: visitor.say('paymethod.slow') })).toBeVisible();
  await expect(page.getByRole('heading', { name: visitor.say('paymethod.late_title') })).toBeVisible();
  give();
  await visitor.sees('review.title');
  expect(await portal.charges()).toEqual([]);
});
