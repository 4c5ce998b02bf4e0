import { test, expect } from '../portal.js';
import { cards, withoutTokens } from '../visitor.js';

// plansByCard makes a plan that charges a card by itself and returns its page.
async function plansByCard(visitor, page, name) {
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
  await visitor.type('plan.name', name);
  await visitor.press('plan.agree');
  await visitor.sees('plan.yours');
  return page.url();
}

async function tells(visitor, key) {
  await visitor.press('door.help');
  await visitor.sees('door.help');
  await visitor.press(key);
  await visitor.sees(key);
  await visitor.press('life.send');
  await visitor.sees('life.done_title');
}

test('STS-01 a bankruptcy stops everything at once: the plan, the pay page, the texts, and the system of record knows', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.hassan);
  const plan = await plansByCard(visitor, page, 'Hassan Ali');
  expect((await visitor.asksForLink('A-1008')).status).toBe(201);
  await visitor.open('/account');
  await tells(visitor, 'life.bankruptcy');
  await expect(main).toContainText(visitor.say('life.done_pay'));
  await expect(main).toContainText('1 plan ended');
  await expect(main).toContainText('1 link we sent does not work any more');
  await expect(main).toContainText(/CLM-[A-Z0-9]{8}/);

  for (const path of ['/payments/new', plan, '/plans', '/account']) {
    await visitor.open(path);
    await expect(page).toHaveURL(/\/account$/);
    await expect(main).toContainText(visitor.say('hold.bankruptcy'));
    await expect(main).not.toContainText('$');
  }
  const again = await visitor.asksForLink('A-1008');
  expect(again.status).toBe(422);
  expect(again.body.detail).toContain('bankruptcy');

  const { body: { plans } } = await portal.api('GET', '/api/v1/accounts/A-1008/plans');
  expect(plans.map((p) => p.status)).toEqual(['canceled']);
  const { body: { claims: [claim] } } = await portal.api('GET', '/api/v1/claims?open=true');
  expect(claim).toMatchObject({ kind: 'bankruptcy', state: 'claimed', account_ref: 'A-1008' });

  const cleared = await portal.api('PUT', `/api/v1/claims/${claim.id}`, { state: 'cleared', by: 'Kim', on: '2026-01-01' });
  expect(cleared.body.state).toBe('cleared');
  await visitor.signIn(portal.people.hassan);
  await expect(main).toContainText('$');
  await visitor.movesClock(40); // a plan that ended stays so
  expect(await portal.charges()).toEqual([]);
});

test('STS-02 a relative with the link says that the person died and is shown nothing', async ({ visitor, portal, page }) => {
  await visitor.getsLink('A-1002');
  const address = await page.getByRole('link', { name: /\/l\// }).getAttribute('href');
  await page.goto(address);
  await visitor.sees('landing.title');
  await visitor.press('died.link');
  await visitor.sees('died.title');
  await visitor.type('died.name', 'Eva Okafor');
  await visitor.type('died.relation', 'sister');
  await visitor.press('died.send');
  await visitor.sees('died.done_title');
  expect(withoutTokens(await page.content())).not.toMatch(/Ben|482|Riverside|debt|owe|CLM-/i);
  await page.goto(address);
  await visitor.press('frame.continue');
  await visitor.sees('ended.title');
  expect((await visitor.asksForLink('A-1002')).status).toBe(422);
  const { body: { claims: [claim] } } = await portal.api('GET', '/api/v1/claims');
  expect(claim).toMatchObject({ kind: 'death', door: 'link', stopped: { links: 1 } });
  expect((await portal.api('GET', `/api/v1/claims/${claim.id}`)).body.said).toMatchObject({ name: 'Eva Okafor', relation: 'sister' });
});

test('SMS-03 a wrong person from a texted link stands in the queue of the agency', async ({ visitor, portal, page }) => {
  await visitor.getsLink('A-1004');
  await page.goto(await page.getByRole('link', { name: /\/l\// }).getAttribute('href'));
  await visitor.sees('landing.title');
  await visitor.press('landing.not_me');
  await visitor.sees('notme.title');
  const { body: { claims: [claim] } } = await portal.api('GET', '/api/v1/claims');
  expect(claim).toMatchObject({ kind: 'wrong_person', door: 'link', account_ref: 'A-1004' });
  expect((await visitor.asksForLink('A-1004')).status).toBe(422);
});

test('STS-09 a pause needs no reason, leaves the doors open and ends by itself', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.signIn(portal.people.hassan);
  await plansByCard(visitor, page, 'Hassan Ali');
  await visitor.open('/account');
  await tells(visitor, 'life.hardship');
  await expect(main).toContainText('988');
  await expect(main).toContainText('1 plan rests');
  await visitor.press('frame.to_account');
  await expect(main).toContainText('$');
  expect((await visitor.asksForLink('A-1008')).status).toBe(422);
  await visitor.movesClock(31); // the pause is over; the plan waits for its owner
  expect(await portal.charges()).toEqual([]);
});

test('STS-05 a stolen name, in Spanish and without scripts', async ({ visitor, portal, page }) => {
  const main = page.getByRole('main');
  await visitor.withoutScripts();
  await visitor.signIn(portal.people.lucia);
  await tells(visitor, 'life.stolen');
  await expect(main).toContainText('RobodeIdentidad.gov');
  await visitor.press('frame.to_account');
  await expect(main).toContainText(visitor.say('hold.identity'));
  await expect(main).not.toContainText('$');
});
