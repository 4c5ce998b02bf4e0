import { test, expect } from '../portal.js';

// opens goes from the account to the notice of the first debt.
async function opens(visitor, page, creditor) {
  await page.getByRole('link', { name: creditor }).first().click();
  await visitor.sees(creditor);
  await visitor.press('vnotice.title');
  await visitor.sees('vnotice.title');
}

const paper = (page) => page.getByRole('article');

// sizes are the type sizes of all text in the notice, in CSS pixels.
const sizes = (page) => paper(page).evaluate((article) => [...article.querySelectorAll('*')]
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim()))
  .map((e) => Number.parseFloat(getComputedStyle(e).fontSize)));

// VAL-05, VAL-07, VAL-08, VAL-13, VAL-14
test('VAL-08 the notice: read, in Spanish on one tap, and answered', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ana);
  await page.getByRole('link', { name: 'Mercy Clinic' }).first().click();
  await visitor.sees('Mercy Clinic');
  await expect(page.getByRole('main')).toContainText('Write to us by');
  await visitor.press('vnotice.title');
  await visitor.sees('vnotice.title');
  await expect(paper(page)).toContainText('How do you want to respond?');
  await expect(paper(page)).toContainText('$332.17');
  await expect(paper(page).locator('a[href*="/pay"], a[href*="/plan"]')).toHaveCount(0);
  for (const box of await paper(page).getByRole('checkbox').all()) await expect(box).not.toBeChecked();

  await visitor.press('legal.notice_want_spanish');
  await expect(paper(page)).toHaveAttribute('lang', 'es');
  await expect(paper(page)).toContainText('¿Cómo puede disputar la deuda?');
  await visitor.sees('vnotice.title');
  await visitor.press('vnotice.in_english');
  await expect(paper(page)).toHaveAttribute('lang', 'en');

  await visitor.press('vnotice.send');
  await visitor.sees('vnotice.title');
  await expect(page.getByRole('main')).toContainText(visitor.say('vnotice.no_answer'));
  await page.getByRole('checkbox', { name: 'This is not my debt.' }).check();
  await visitor.press('vnotice.send');
  await expect(page).toHaveURL(/\/disputes\/about\/dbt_\w+\?reason_not_mine=yes$/);
  await expect(page.locator('[name=reason_not_mine]')).toBeChecked();
  await expect(page.locator('[name=reason_wrong_amount]')).not.toBeChecked();
});

test('VAL-15 the notice is large enough to read on a screen and on paper', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ben);
  await opens(visitor, page, 'Riverside Hospital');
  await expect(page.getByRole('main')).toContainText('The time in the notice ended');
  expect(Math.min(...await sizes(page))).toBeGreaterThanOrEqual(16);
  await expect(page.locator('details')).toHaveCount(0);
  await page.emulateMedia({ media: 'print' });
  expect(Math.min(...await sizes(page))).toBeGreaterThanOrEqual(16); // 12 points
  await expect(page.getByRole('button', { name: visitor.say('vnotice.send') })).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
  const file = page.waitForEvent('download');
  await visitor.press('vnotice.pdf');
  expect((await file).suggestedFilename()).toBe('notice.pdf');
});

test('VAL-10 a first view asks for a notice, and the notice that was mailed is shown', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.esther);
  await page.getByRole('link', { name: 'Metro Library' }).first().click();
  await visitor.sees('Metro Library');
  await visitor.press('vnotice.title');
  await visitor.sees('vnotice.title');
  await expect(page.getByRole('main')).toContainText('We will mail you a notice about this debt by');
  await expect(async () => {
    const { body } = await portal.api('GET', '/api/v1/events?after=0');
    const asked = body.events.filter((e) => e.type === 'notice.mail_required').map((e) => e.data.notice);
    expect(asked).toEqual([expect.objectContaining({ kind: 'validation_notice', debt_ref: 'A-1005-1', amount_cents: 75 })]);
  }).toPass({ timeout: 20_000 });
  const today = (await portal.api('GET', '/api/v1/debts/A-1005-1/validation-notices')).body;
  expect(today.notices).toEqual([]); // VAL-11: looking is no notice
});

test('VAL-14 the notice in Spanish, for a person who reads Spanish', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.lucia);
  await opens(visitor, page, 'Clínica del Sol');
  await expect(paper(page)).toHaveAttribute('lang', 'es');
  await expect(paper(page)).toContainText('es un cobrador de deudas');
  await visitor.press('vnotice.in_english');
  await expect(paper(page)).toHaveAttribute('lang', 'en');
  await visitor.sees('vnotice.title');
});
