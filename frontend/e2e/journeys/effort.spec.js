import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

test('U1 from the texted link to paid takes at most 6 screens and 12 field entries', async ({ visitor, portal, page }) => {
  await visitor.getsLink('A-1002');
  await page.getByRole('link', { name: /\/l\// }).click();
  await visitor.sees('landing.title');
  await visitor.press('frame.continue');
  await visitor.provesWho(portal.people.ben);
  await visitor.picks({ 'Riverside Hospital': 'all' }, 'card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
  await visitor.pays('$482.17');
  expect(visitor.screens).toBeLessThanOrEqual(6);
  expect(visitor.entries).toBeLessThanOrEqual(12);
  await visitor.sees('You paid $482.17');
});

test('U2 amount, creditor, what it is for and the four ways stand above the fold of a phone', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ben);
  await expect(page.getByText('$482.17').first()).toBeInViewport({ ratio: 1 });
  await expect(page.getByText('Riverside Hospital').first()).toBeInViewport({ ratio: 1 });
  await expect(page.getByText('Emergency visit').first()).toBeInViewport({ ratio: 1 });
  for (const door of ['door.pay', 'door.plan', 'door.wrong', 'door.help']) {
    await expect(page.getByRole('link', { name: visitor.say(door), exact: true }), door).toBeInViewport({ ratio: 1 });
  }
});

test('U2 with several debts the total, whom it is owed to, what for, and the four ways stand above the fold of a phone', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ana);
  await expect(page.getByText('$581.37').first()).toBeInViewport({ ratio: 1 });
  await expect(page.getByText(/^to .+, .+ and 1 more, as of/)).toBeInViewport({ ratio: 1 });
  await expect(page.getByText(/^(Care in May 2025|Water bill 2025|Phone line closed in March 2025)$/).first()).toBeInViewport({ ratio: 1 });
  for (const door of ['door.pay', 'door.plan', 'door.wrong', 'door.help']) {
    await expect(page.getByRole('link', { name: visitor.say(door), exact: true }), door).toBeInViewport({ ratio: 1 });
  }
});

test('U11 the four ways are equal in size and looks, and nothing is ticked beforehand', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ana);
  const looks = await page.locator('.door').evaluateAll((doors) => doors.map((door) => {
    const { width, height } = door.getBoundingClientRect();
    const { color, backgroundColor, borderColor, fontSize, fontWeight } = getComputedStyle(door);
    return JSON.stringify({ width: Math.round(width), height: Math.round(height), color, backgroundColor, borderColor, fontSize, fontWeight });
  }));
  expect(looks).toHaveLength(4);
  expect(new Set(looks).size, looks.join('\n')).toBe(1);

  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  await expect(page.locator('input:checked')).toHaveCount(0);
  for (const amount of await page.getByLabel(visitor.say('choose.amount')).all()) await expect(amount).toHaveValue('');
  await expect(page.getByText(visitor.say('choose.no_fee'))).toBeVisible();

  await visitor.chooses({ 'City Water': '20.00' });
  await visitor.choosesMethod('bank');
  await visitor.press('frame.continue');
  await visitor.seesFields('bank');
  await visitor.givesBank('000123456789');
  await visitor.sees('review.title');
  await expect(page.locator('input:checked')).toHaveCount(0);
});

test('U6 a page without card or bank fields loads nothing of the processor', async ({ visitor, portal, page }) => {
  const origins = new Set();
  page.on('request', (r) => origins.add(new URL(r.url()).origin));
  await visitor.signIn(portal.people.marta);
  await visitor.open('/help');
  await visitor.sees('door.help');
  await visitor.open('/privacy');
  await visitor.sees('privacy.title');
  expect([...origins]).toEqual([portal.url]);
});

test.describe('on a desktop', () => {
  test.use({ viewport: { width: 1280, height: 800 } });
  test('every sample account opens, says where it stands and fits', async ({ visitor, portal, page }) => {
    for (const person of Object.values(portal.people)) {
      await visitor.signIn(person);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      if (person === portal.people.noah) await expect(page.getByRole('main')).not.toContainText('$');
      await page.context().clearCookies();
      visitor.lang = 'en';
    }
  });
});
