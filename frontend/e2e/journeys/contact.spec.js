import { test, expect } from '../portal.js';
import { withoutTokens } from '../visitor.js';

// mails sends a link by e-mail, on a call in which the person agreed to it, and
// finds the way out that stands in it.
async function mails(visitor, portal, ref) {
  const sent = await portal.api('POST', '/api/v1/links', {
    account_ref: ref, channel: 'email', call_id: 'call-1', consent: { basis: 'direct_consent', text_version: 'v1' },
  });
  expect(sent.status, JSON.stringify(sent.body)).toBe(201);
  await visitor.page.goto(portal.phone);
  const out = visitor.page.getByText(/\/o\/[\w-]{22}/).first();
  await expect(out).toBeVisible({ timeout: 60_000 });
  return (await out.innerText()).match(/http:\S+\/o\/[\w-]{22}/)[0];
}

for (const script of ['with', 'without']) {
  test.describe(`${script} JavaScript`, () => {
    test.beforeEach(({ visitor }) => script === 'without' && visitor.withoutScripts());

    test('COM-06 one press ends e-mail without signing in', async ({ visitor, portal, page }) => {
      const way = await mails(visitor, portal, 'A-1002');
      for (const agent of ['GoogleImageProxy', 'Microsoft Office Preview']) {
        const looked = await fetch(way, { headers: { 'User-Agent': agent } });
        expect(withoutTokens(await looked.text())).not.toMatch(/Ben|Okafor|example\.com|debt|owe/i);
      }
      await page.goto(way);
      await visitor.sees('stop.title');
      await visitor.press('stop.act');
      await visitor.sees('stop.done_title');
      await expect(page.getByRole('main')).toContainText(visitor.say('stop.done'));
      const again = await portal.api('POST', '/api/v1/links', { account_ref: 'A-1002', channel: 'email' });
      expect(again.status).toBe(422);
      expect(again.body.detail).toContain('COM-07');
    });
  });
}

test('COM-02 what a person prefers counts at once, in Spanish too', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.lucia);
  await visitor.press('reach.title');
  await visitor.sees('reach.title');
  await page.getByLabel(visitor.say('reach.sunday'), { exact: true }).check();
  await page.getByLabel(visitor.say('reach.words'), { exact: true }).fill('Mejor por la tarde.');
  await visitor.press('reach.save');
  await expect(page.getByRole('main')).toContainText(visitor.say('reach.saved'));
  await expect(page.getByLabel(visitor.say('reach.sunday'), { exact: true })).toBeChecked();

  await visitor.press('cease.title');
  await visitor.sees('cease.title');
  await visitor.press('cease.act');
  await visitor.sees('cease.done_title');
  const link = await portal.api('POST', '/api/v1/links', {
    account_ref: 'A-1011', channel: 'sms', consent: { basis: 'direct_consent', text_version: 'v1' },
  });
  expect(link.status).toBe(422);
});

test('a message reaches the agency and stays in the thread', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.ana);
  await visitor.press('messages.title');
  await visitor.sees('messages.title');
  await page.getByLabel(visitor.say('messages.label'), { exact: true }).fill('Did my check arrive?');
  await visitor.press('messages.send');
  await expect(page.getByRole('main')).toContainText(visitor.say('messages.sent_title'));
  await expect(page.getByRole('list').filter({ hasText: 'Did my check arrive?' }).first()).toBeVisible();
});
