import { test, expect } from '../portal.js';

const minutes = 60_000;

// passes lets time go by while the timers of the page stand still, as in a
// laptop's sleep, and brings the page into view.
const passes = async (page, milliseconds) => {
  await page.clock.setFixedTime(Date.now() + milliseconds);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
};

test('G06 after a sleep the server is asked, and the debts are gone when the session is', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ana);
  await expect(page.getByRole('main')).toContainText('$');
  await passes(page, 180 * minutes); // the server has not slept: the session goes on
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page.getByRole('dialog')).toBeHidden();

  await visitor.movesClock(1);
  await passes(page, 360 * minutes);
  await visitor.sees('start.title');
  await expect(page.getByRole('main')).toContainText(visitor.say('start.ended_title'));
  await page.goBack();
  await expect(page.getByRole('main')).not.toContainText('$');
});

test('G03 two tabs agree: neither signs the other out, both see a sign-out', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ana);
  const tab = await visitor.other();
  await tab.open('/account');
  await passes(page, 16 * minutes);
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByRole('main')).toBeVisible();

  await tab.press('frame.sign_out');
  await tab.sees('signedout.title');
  await passes(page, 32 * minutes);
  await visitor.sees('signedout.title');
  await page.goBack();
  await expect(page.getByRole('main')).not.toContainText('$');
});

test('G16 the warning comes in time, and says so where there is no network', async ({ visitor, portal, page, context }) => {
  await page.clock.install();
  await visitor.signIn(portal.people.ana);
  await context.setOffline(true);
  await page.clock.fastForward(14 * minutes);
  const dialog = page.getByRole('dialog');
  const offline = dialog.getByText(visitor.say('idle.offline'));
  await expect(dialog).toBeVisible();
  await expect(offline).toBeHidden();
  await visitor.press('idle.stay');
  await expect(offline).toBeVisible();
  await page.clock.fastForward(2 * minutes);
  await expect(page.getByText('$').first()).toBeHidden(); // time is up, as far as the page knows

  await context.setOffline(false);
  await page.clock.fastForward(1 * minutes);
  await expect(dialog).toBeHidden(); // the server's clock says that there is time
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page).toHaveURL(/\/account$/);
});

test('G05 a browser without cookies is told so, in both languages', async ({ portal, browser }) => {
  for (const [locale, says] of [['en-US', 'Your browser does not keep cookies'], ['es-US', 'Su navegador no guarda cookies']]) {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    await page.goto(portal.url);
    await context.clearCookies();
    await page.locator('#code').fill(portal.people.ana.code);
    await page.getByRole('main').getByRole('button').click();
    await expect(page.getByRole('heading', { level: 1, name: says })).toBeVisible();
    await page.getByRole('main').getByRole('button').click(); // cookies are on now
    await expect(page).toHaveURL(/\/verify$/);
    await context.close();
  }
});
