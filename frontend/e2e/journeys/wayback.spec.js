import { test, expect } from '../portal.js';
import { Visitor } from '../visitor.js';

const people = [
  { lang: 'en', locale: 'en-US', ref: 'A-1002', name: 'ben' },
  { lang: 'es', locale: 'es-US', ref: 'A-1011', name: 'lucia' },
];

for (const { lang, locale, ref, name } of people) {
  test.describe(`the way back in, ${lang}`, () => {
    test.use({ locale });

    test('F5 the link leads back on the same device: signed in, after sign-out, after the session', async ({ portal, page, context, browser }) => {
      const visitor = new Visitor(page, portal, lang);
      const person = portal.people[name];
      await visitor.getsLink(ref);
      const address = await page.getByRole('link', { name: /\/l\// }).getAttribute('href');
      const opens = async () => {
        await page.goto(`${address}.`); // as the text's last sentence leaves it
        await visitor.sees('landing.title');
        await visitor.press('frame.continue');
      };
      const account = () => expect(page).toHaveURL(/\/account$/);

      await opens();
      await visitor.provesWho(person);
      await account();

      await opens();
      await account();

      await visitor.press('frame.sign_out');
      await visitor.sees('signedout.title');
      await opens();
      await visitor.provesWho(person);
      await account();

      await context.clearCookies({ name: /session$/ }); // the session is gone
      await page.goto(new URL('/account', portal.url).href);
      await visitor.sees('start.title');
      await opens();
      await visitor.provesWho(person);
      await account();

      // The code is shown for the ZIP code alone.
      await visitor.press('access.title');
      await visitor.sees('access.title');
      await expect(page.getByRole('main')).not.toContainText(person.code);
      await visitor.type('verify.zip', person.zip);
      await visitor.press('access.code_show');
      await expect(page.getByRole('status').getByText(person.code)).toBeVisible();
      await page.emulateMedia({ media: 'print' });
      await expect(page.getByText(person.code)).toBeHidden();
      await page.emulateMedia({ media: 'screen' });

      // Another device is sent a new link.
      const other = await (await browser.newContext({ locale })).newPage();
      const elsewhere = new Visitor(other, portal, lang);
      await other.goto(address);
      await elsewhere.press('frame.continue');
      await elsewhere.sees('ended.title');
      await elsewhere.press('ended.again');
      await elsewhere.sees('asked.title');
      await other.goto(portal.phone);
      const links = other.getByRole('link', { name: /\/l\// });
      await expect(links).toHaveCount(2, { timeout: 60_000 });
      const addresses = await links.evaluateAll((all) => all.map((a) => a.href));
      await other.goto(addresses.find((a) => a !== address));
      await elsewhere.sees('landing.title');
      await elsewhere.press('frame.continue');
      await elsewhere.provesWho(person);

      // And signed out from the first.
      await page.goto(new URL('/account/access', portal.url).href);
      await visitor.press('access.everywhere');
      await visitor.sees('signedout.title');
      await other.reload();
      await elsewhere.sees('start.title');
      await expect(other.getByRole('main')).toContainText(elsewhere.say('start.ended_over'));
      await other.context().close();
    });
  });
}
