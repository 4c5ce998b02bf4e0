import { readFileSync } from 'node:fs';
import { test, expect } from '../portal.js';
import { cards, Visitor } from '../visitor.js';

const read = (lang) => JSON.parse(readFileSync(new URL(`../../locale/${lang}.json`, import.meta.url), 'utf8'));
const [english, spanish] = [read('en'), read('es')];

// Sentences of the English pages that a Spanish page must not hold. The
// language switch says its own name in the other language.
const foreign = Object.entries(english)
  .filter(([key, words]) => typeof words === 'string' && words.length > 8 && !words.includes('{{') && words !== spanish[key])
  .map(([, words]) => words);

class Lector extends Visitor {
  async sees(heading) {
    await super.sees(heading);
    const text = (await this.page.locator('body').innerText()).split('\n').map((line) => line.trim());
    expect(text.filter((line) => foreign.includes(line)), `English on "${heading}"`).toEqual([]);
  }
}

test.describe('a phone set to Spanish', () => {
  test.use({ locale: 'es-US' });
  test('U9 everything from the code to the receipt is in Spanish', async ({ portal, page }) => {
    const lucia = new Lector(page, portal, 'es');
    await lucia.signIn(portal.people.lucia);
    await expect(page.getByRole('main')).toContainText('Hola, Lucía');
    await page.getByRole('link', { name: /Clínica del Sol/ }).first().click();
    await lucia.sees('Clínica del Sol');
    await page.goBack();
    await lucia.picks({ 'Clínica del Sol': '65.00' }, 'card');
    await lucia.givesCard('4242');
    await expect(lucia.fields.getByText('Revise el número de tarjeta')).toBeVisible();
    await lucia.givesCard(cards.credit);
    await lucia.sees('review.title');
    await lucia.pays('$65.00');
    await lucia.sees(lucia.say('outcome.paid', { amount: '$65.00' }));
    await lucia.press('outcome.receipt');
    await lucia.sees('receipt.title');
    await expect(page.getByRole('main')).toContainText(/\d+ de [a-z]+ de \d{4}/);
    expect(await portal.charges()).toEqual([6500]);
  });
});

test('U9 a person whose file says Spanish gets Spanish pages after the check, whatever the phone is set to', async ({ visitor, portal, page }) => {
  await visitor.signIn(portal.people.lucia);
  await expect(page.getByRole('main')).toContainText('Hola, Lucía');
});

for (const script of ['with', 'without']) {
  test.describe(`${script} JavaScript`, () => {
    test.beforeEach(({ visitor }) => script === 'without' && visitor.withoutScripts());

    test('U9 the switch changes the language, stays on the page and keeps what was typed', async ({ visitor, portal, page }) => {
      await visitor.open('/');
      await visitor.sees('start.title');
      await visitor.type('start.label', 'K7Q2');
      await switches(visitor, 'start.title');
      await expect(page.getByLabel(visitor.say('start.label'), { exact: true })).toHaveValue('K7Q2');

      await visitor.type('start.label', portal.people.ana.code);
      await page.keyboard.press('Enter'); // means the button of the form, not the switch above it
      await visitor.sees('verify.title');
      await visitor.type('verify.zip', '455');
      await switches(visitor, 'verify.title');
      await expect(page.getByLabel(visitor.say('verify.zip'), { exact: true })).toHaveValue('455');

      await visitor.provesWho(portal.people.ana);
      await visitor.press('door.pay');
      await visitor.sees('choose.title');
      await visitor.chooses({ 'City Water': '25.00' });
      await visitor.choosesMethod('bank');
      await switches(visitor, 'choose.title');
      await expect(visitor.debt('City Water').getByLabel(visitor.say('choose.amount'))).toHaveValue('25.00');
      await expect(visitor.debt('City Water').getByLabel(visitor.say('choose.other'))).toBeChecked();
      await expect(page.locator('#method-bank')).toBeChecked();
    });
  });
}

// switches changes the language. Nothing of what is typed stands in an address,
// and the button stays where it is.
async function switches(visitor, heading) {
  const { page } = visitor;
  const top = () => page.locator('.language').evaluate((e) => e.getBoundingClientRect().top + scrollY);
  const [address, place] = [page.url(), await top()];
  await visitor.switchesLanguage();
  await visitor.sees(heading);
  expect(page.url()).toBe(address);
  expect(await top()).toBe(place);
}
