import { test, expect } from '../portal.js';
import { cards, withoutTokens } from '../visitor.js';

test('a texted link leads to a verified person and a payment; opening it changes nothing', async ({ visitor, portal, page }) => {
  const { link, words } = await visitor.getsLink('A-1002');
  const status = async () => (await portal.api('GET', `/api/v1/links/${link.id}`)).body.status;

  // Robots preview it first.
  const address = await page.getByRole('link', { name: /\/l\// }).getAttribute('href');
  for (const [method, agent] of [['GET', 'Google-Read-Aloud'], ['HEAD', 'Microsoft Office Preview'], ['GET', 'facebookexternalhit/1.1']]) {
    const answer = await fetch(address, { method, headers: { 'User-Agent': agent } });
    expect(answer.status).toBe(200);
    expect(withoutTokens(await answer.text())).not.toMatch(/Ben|Okafor|482|Riverside|debt|owe/i);
  }

  await page.goto(address);
  await visitor.sees('landing.title');
  for (const word of words) await expect(page.getByRole('main')).toContainText(word);
  expect(await status()).toBe('sent');
  await page.reload();
  expect(await status()).toBe('sent');

  await visitor.press('frame.continue');
  await visitor.provesWho(portal.people.ben);
  expect(await status()).toBe('verified');
  await visitor.picks({ 'Riverside Hospital': 'all' }, 'card');
  await visitor.givesCard(cards.credit);
  await visitor.sees('review.title');
  await visitor.pays('$482.17');
  await visitor.sees('You paid $482.17');
  expect(await portal.charges()).toEqual([48217]);
  await visitor.seesPosted('A-1002-1', '$0.00');
});

test('SMS-03 whoever says the link is not for them ends it and gets no more texts', async ({ visitor, portal, page }) => {
  const { link } = await visitor.getsLink('A-1004');
  const address = await page.getByRole('link', { name: /\/l\// }).getAttribute('href');
  await page.goto(address);
  await visitor.sees('landing.title');
  await visitor.press('landing.not_me');
  await visitor.sees('notme.title');
  expect((await portal.api('GET', `/api/v1/links/${link.id}`)).body.status).toBe('ended');

  await page.goto(address);
  await visitor.press('frame.continue');
  await visitor.sees('ended.title');
  const again = await visitor.asksForLink('A-1004');
  expect(again.status).toBe(422);
  expect(again.body.detail).toContain('wrong_person');
});
