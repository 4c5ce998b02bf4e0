import { test, expect } from '../portal.js';
import { Visitor, atTheDesk } from '../visitor.js';

const people = [
  { lang: 'en', locale: 'en-US', ref: 'A-1002', name: 'ben', says: 'Ben Okafor', help: 'console.access_clear' },
  { lang: 'es', locale: 'es-US', ref: 'A-1011', name: 'lucia', says: 'Lucía Fernández', help: 'console.access_renew' },
];

for (const { lang, locale, ref, name, says, help } of people) {
  test.describe(`a locked person, ${lang}`, () => {
    test.use({ locale });

    test('SEC-07 whoever is paused is helped from the console and is in at once', async ({ portal, page, browser }) => {
      const visitor = new Visitor(page, portal, lang);
      const person = portal.people[name];
      const begins = async (code = person.code) => {
        await visitor.open('/');
        await visitor.sees('start.title');
        await visitor.type('start.label', code);
        await visitor.press('frame.continue');
        await visitor.sees('verify.title');
      };
      const isRefused = async (zip) => {
        await visitor.type('verify.zip', zip);
        await visitor.press('frame.continue');
        await expect(page.getByRole('alert')).toContainText(visitor.say('verify.pause'));
        await visitor.sees('verify.title');
      };

      await begins();
      for (const zip of ['90001', '90002', '90003']) await isRefused(zip);
      // The first pauses are short; the fourth miss makes one of minutes.
      await visitor.movesClock(1);
      await begins();
      await isRefused('90004');
      await isRefused(person.zip);

      const desk = await atTheDesk(browser, portal, lang);
      await desk.type('console.search', ref);
      await desk.press('console.search_go');
      await desk.press(says);
      await desk.sees(says);
      await desk.press('console.access_title');
      await desk.sees('console.access_title');
      const facts = desk.page.getByRole('definition');
      await expect(facts).toHaveCount(4);
      await expect(facts.nth(0)).toHaveText(person.code);
      await expect(facts.nth(3)).toHaveText('4');
      await desk.press(help);
      await expect(facts.nth(3)).toHaveText('0');
      await desk.sees('console.access_title');
      const code = await facts.nth(0).innerText();
      await desk.page.context().close();

      if (help === 'console.access_renew') {
        expect(code).not.toBe(person.code);
        await isRefused(person.zip); // the old code
        await begins(code);
      } else {
        expect(code).toBe(person.code);
      }
      await visitor.provesWho(person);
      await expect(page).toHaveURL(/\/account$/);
    });

    test('SEC-06 6 numbers to the phone on file let the right person in without the wait', async ({ portal, page, context }) => {
      const visitor = new Visitor(page, portal, lang);
      const person = portal.people[name];
      await visitor.open('/');
      await visitor.sees('start.title');
      await visitor.type('start.label', person.code);
      await visitor.press('frame.continue');
      await visitor.sees('verify.title');
      for (const zip of ['90001', '90002', '90003']) {
        await visitor.type('verify.zip', zip);
        await visitor.press('frame.continue');
        await expect(page.getByRole('alert')).toContainText(visitor.say('verify.pause'));
      }
      await visitor.type('verify.zip', person.zip);
      await visitor.press('verify.digits');
      await visitor.sees('step.title');
      await expect(page.getByText(visitor.say('step.sent_asked'))).toBeVisible();

      const phone = await context.newPage();
      const digits = /\b(\d{6})\b/;
      await expect(async () => {
        await phone.goto(portal.phone);
        await expect(phone.getByRole('main')).toContainText(digits);
      }).toPass({ timeout: 20_000 });
      const [, sent] = digits.exec(await phone.getByRole('main').innerText());
      await phone.close();
      await visitor.type('step.label', sent);
      await visitor.press('frame.continue');
      await expect(page).toHaveURL(/\/account$/);
    });
  });
}
