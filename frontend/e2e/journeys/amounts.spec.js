import { test, expect } from '../portal.js';

// What is wrong gets a sentence beside its field, keeps what was typed, and
// moves nothing.

const creditor = 'Riverside Hospital';

test('A11-04 each amount that cannot be paid gets a sentence beside the field and is kept as typed', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ben);
  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  const amount = visitor.debt(creditor).getByLabel(visitor.say('choose.amount'));
  for (const [typed, key] of [
    ['', 'problem.amount_missing'], ['0', 'problem.amount_zero'], ['0.00', 'problem.amount_zero'], ['-5', 'problem.amount_zero'],
    ['1.005', 'problem.amount_cents'], ['482.18', 'problem.amount_max'], ['999999999.99', 'problem.amount_max'], ['99999999999999', 'problem.amount_max'],
    ['12,5', 'problem.amount_comma'], ['1.250,50', 'problem.amount_comma'], ['4,82.17', 'problem.amount_comma'], ['482,18', 'problem.amount_max'],
    ['ten', 'problem.amount_format'], ['1e3', 'problem.amount_format'], ['5 EUR', 'problem.amount_format'],
  ]) {
    await visitor.debt(creditor).getByLabel(visitor.say('choose.other')).check();
    await amount.fill(typed);
    await expect(page.locator('[data-total-sum]'), typed).toHaveText('–');
    await visitor.choosesMethod('card');
    const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), visitor.press('frame.continue')]);
    expect(answer.status(), typed).toBe(422);
    await visitor.sees('choose.title');
    const sentence = visitor.say(key, { max: '$482.17' });
    await expect(amount, typed).toHaveAccessibleDescription(new RegExp(sentence.replace(/[.$]/g, '\\$&')));
    await expect(amount).toHaveAttribute('aria-invalid', 'true');
    await expect(amount).toHaveValue(typed);
    await expect(page.locator('#method-card')).toBeChecked();
    await expect(page).toHaveTitle(/^Error: /);
  }
  for (const [typed, total] of [['12,50', '$12.50'], ['0,99', '$0.99'], ['482.17', '$482.17'], ['7.5', '$7.50'], ['$ 82,17', '$82.17']]) {
    await amount.fill(typed);
    await expect(page.locator('[data-total-sum]'), typed).toHaveText(total);
  }
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
});

test('A11-04 nothing chosen, and no method, get a sentence each', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ana);
  await visitor.press('door.pay');
  await visitor.sees('choose.title');
  await visitor.press('frame.continue');
  await visitor.sees('choose.title');
  await expect(page.getByRole('main')).toContainText(visitor.say('problem.no_debt'));
  await expect(page.getByRole('main')).toContainText(visitor.say('problem.method'));
  await page.getByRole('link', { name: visitor.say('problem.no_debt') }).click();
  await expect(page.locator('fieldset.pay-debt input').first()).toBeFocused();
});

test('A11-04 a code with a typo, a missing ZIP and one that is too short get a sentence and are kept', async ({ visitor, portal, page }) => {
  await visitor.open('/');
  for (const [typed, key] of [['', 'problem.code_missing'], ['K7Q2-9MXD', 'problem.code_format'], ['hello world', 'problem.code_other']]) {
    await visitor.type('start.label', typed);
    await visitor.press('frame.continue');
    await visitor.sees('start.title');
    const field = page.getByLabel(visitor.say('start.label'), { exact: true });
    await expect(field).toHaveAccessibleDescription(new RegExp(visitor.say(key).slice(0, 30)));
    await expect(field).toHaveValue(typed);
  }
  const { code, zip } = portal.people.ben;
  await visitor.type('start.label', ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `);
  await visitor.press('frame.continue');
  for (const [typed, key] of [['', 'problem.zip_missing'], ['4300', 'problem.zip_format'], ['abcde', 'problem.zip_format']]) {
    await visitor.sees('verify.title');
    await visitor.type('verify.zip', typed);
    await visitor.press('frame.continue');
    await visitor.sees('verify.title');
    await expect(page.getByLabel(visitor.say('verify.zip'), { exact: true })).toHaveAccessibleDescription(new RegExp(visitor.say(key).slice(0, 30)));
    await expect(page.getByLabel(visitor.say('verify.zip'), { exact: true })).toHaveValue(typed);
  }
  await visitor.type('verify.zip', '99999');
  await visitor.press('frame.continue');
  await visitor.sees('verify.title');
  await expect(page.getByRole('main')).toContainText(visitor.say('verify.failed'));
  await visitor.type('verify.zip', zip);
  await visitor.press('frame.continue');
  await visitor.sees('Hello Ben');
});
