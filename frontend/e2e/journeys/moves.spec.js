import { test, expect } from '../portal.js';
import { Visitor } from '../visitor.js';

const people = [
  { lang: 'en', locale: 'en-US', name: 'ben', state: 'OH' },
  { lang: 'es', locale: 'es-US', name: 'lucia', state: 'OH' },
];

for (const { lang, locale, name } of people) {
  test.describe(`a person who moves, ${lang}`, () => {
    test.use({ locale });

    test('SEC-12 a new phone is proved by digits to it; after a new address the old ZIP code opens', async ({ portal, page, context }) => {
      const visitor = new Visitor(page, portal, lang);
      const person = portal.people[name];
      await visitor.signIn(person);
      await visitor.press('reach.title');
      await visitor.sees('reach.title');

      await visitor.press('reach.new_phone');
      await visitor.sees('reach.new_phone');
      await visitor.type('reach.phone', '(937) 555-0199');
      await visitor.type('verify.zip', person.zip);
      await visitor.press('reach.change');
      await visitor.sees('reach.check_phone');
      const phone = await context.newPage();
      await phone.goto(portal.phone);
      const text = phone.getByText(/#\d{6}/).first();
      await expect(text).toBeVisible({ timeout: 60_000 });
      const [, digits] = (await text.innerText()).match(/#(\d{6})/);
      await phone.close();
      await page.getByRole('textbox').fill(digits === '000000' ? '000001' : '000000');
      await visitor.press('frame.continue');
      await visitor.sees('reach.check_phone');
      await page.getByRole('textbox').fill(digits);
      await visitor.press('frame.continue');
      await visitor.sees('reach.changed');

      await visitor.press('reach.title');
      await visitor.press('reach.new_address');
      await visitor.sees('reach.new_address');
      await visitor.type('reach.line1', '12 New Street');
      await visitor.type('reach.postal', '44113');
      await visitor.type('verify.zip', person.zip);
      await visitor.press('reach.change');
      await visitor.sees('reach.changed');
      await expect(page.getByRole('main')).toContainText(visitor.say('reach.changed_zip'));

      await visitor.press('frame.sign_out');
      await visitor.sees('signedout.title');
      await visitor.signIn(person); // by the old ZIP code
      await expect(page).toHaveURL(/\/account$/);
    });
  });
}
