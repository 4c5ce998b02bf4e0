import { writeFile } from 'node:fs/promises';
import { test, expect } from '../portal.js';
import { cards } from '../visitor.js';

// A photo of one point.
const photo = { name: 'slip.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') };
const paper = Buffer.from('%PDF-1.7 what we found').toString('base64');

// says goes from a page with the door to the receipt: what is wrong, check and
// send, the receipt.
async function disputes(visitor, page, reasons, files = []) {
  await visitor.press('door.wrong');
  await visitor.sees('dispute.title');
  for (const box of await page.getByRole('checkbox').all()) await expect(box).not.toBeChecked();
  for (const reason of reasons) await page.getByLabel(visitor.say(reason), { exact: true }).check();
  if (files.length > 0) await page.locator('#files').setInputFiles(files);
  await visitor.press('dispute.next');
  await visitor.sees('dispute.check');
  await visitor.press('dispute.send');
}

test('a dispute in three screens with a photo closes the pay path at once, and the answer arrives', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.ben);
  const before = visitor.screens;
  await disputes(visitor, page, ['dispute.already_paid', 'dispute.wrong_amount'], [photo]);
  await visitor.sees('dispute.have');
  expect(visitor.screens - before).toBeLessThanOrEqual(3);
  await expect(main).toContainText(visitor.say('dispute.stopped'));
  await expect(main).toContainText('slip.jpg');
  const receipt = page.url();

  await visitor.open('/account');
  await expect(page.locator('a[href="/payments/new"]')).toHaveCount(0); // no door leads to what may not be paid
  await visitor.open('/payments/new');
  await expect(page.locator('input[name=once]')).toHaveCount(0);

  const list = await portal.api('GET', '/api/v1/disputes?state=open');
  expect(list.status).toBe(200);
  const [{ id, debt_ref: debt }] = list.body.disputes;
  expect(debt).toBe('A-1002-1');
  const today = new Date().toISOString().slice(0, 10);
  const refused = await portal.api('POST', `/api/v1/disputes/${id}/verification`, { outcome: 'verified', document_id: 'V-1', method: 'portal', sent_on: today });
  expect(refused.status).toBe(422);
  const answered = await portal.api('POST', `/api/v1/disputes/${id}/verification`, {
    outcome: 'verified', document_id: 'V-1', method: 'mail', sent_on: today, document: { name: 'V-1.pdf', content: paper },
  });
  expect(answered.status, JSON.stringify(answered.body)).toBe(200);
  await page.goto(receipt);
  await visitor.sees('dispute.answered');
  await expect(page.getByRole('link', { name: visitor.say('dispute.our_answer') })).toBeVisible();
  await visitor.open('/payments/new');
  await expect(page.locator('input[name=once]')).toHaveCount(1);
});

test('a dispute cancels the next charge of a plan', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.hassan);
  await visitor.press('door.plan');
  await visitor.sees('plan.title');
  await visitor.type('plan.own_amount', '60.00');
  await page.locator('select[name=rhythm]').selectOption({ label: visitor.say('plan.every_month') });
  await page.locator('select[name=first]').selectOption({ index: 12 });
  await page.locator('form.sheet').first().getByRole('button', { name: visitor.say('plan.see_dates') }).click();
  await visitor.sees('plan.dates');
  await page.locator('#charging-card').check();
  await visitor.press('frame.continue');
  await visitor.seesFields('card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('plan.sign');
  await page.getByRole('checkbox').check();
  await visitor.type('plan.name', 'Hassan Farouk');
  await visitor.press('plan.agree');
  await visitor.sees('plan.yours');
  const plan = page.url();

  await disputes(visitor, page, ['dispute.not_mine']);
  await visitor.sees('dispute.have');
  await page.goto(plan);
  await visitor.sees('plan.yours');
  await expect(main).toContainText(visitor.say('plan.paused_disputed'));
  await visitor.movesClock(75);
  expect(await portal.charges()).toEqual([]);
});

test('identity theft: no amount is shown any more, the receipt stays', async ({ visitor, portal, page }, testInfo) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.grace);
  await disputes(visitor, page, ['dispute.stolen'], [{ ...photo, name: 'report.jpg' }]);
  await visitor.sees('dispute.have');
  await expect(main).toContainText(visitor.say('dispute.stolen_text'));
  await expect(main).not.toContainText('$');
  const receipt = page.url();
  await visitor.open('/account');
  await expect(main).not.toContainText('$');
  await page.goto(receipt);
  // From the disk: eleven megabytes through the wire of the test take half a minute on a busy machine.
  const film = testInfo.outputPath('film.mp4');
  await writeFile(film, Buffer.alloc(11 << 20));
  await page.locator('#files').setInputFiles(film);
  await visitor.press('dispute.add');
  await expect(main).toContainText('film.mp4');
  await visitor.sees('dispute.have');
});

test('in Spanish, without scripts, a part of the amount', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.lucia);
  await visitor.withoutScripts();
  await visitor.press('door.wrong');
  await visitor.sees('dispute.title');
  await page.getByLabel(visitor.say('dispute.wrong_amount'), { exact: true }).check();
  await page.getByText(visitor.say('dispute.if_part'), { exact: true }).click();
  await page.locator('#scope_amount').check();
  await page.locator('#amount').fill('65');
  await visitor.press('dispute.next');
  await visitor.sees('dispute.check');
  await visitor.press('dispute.send');
  await visitor.sees('dispute.have');
  await expect(main).toContainText(visitor.say('dispute.stopped_part', { amount: '$65.00' }));
  await visitor.open('/payments/new');
  await expect(main).toContainText('$200.00');
});
