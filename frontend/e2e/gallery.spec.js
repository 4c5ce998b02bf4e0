import { test, expect } from '@playwright/test';
import { execFileSync, spawn } from 'node:child_process';
import { contrast, violations } from './axe.js';

// Every page in every state and language, as the gallery lists them.
const gallery = process.env.GALLERY_BIN;
const all = gallery ? JSON.parse(execFileSync(gallery, ['-list'], { maxBuffer: 1 << 26 })) : [];
const pages = [...new Set(all.map((s) => s.page))];
const languages = [...new Set(all.map((s) => s.lang))];
const address = `127.0.0.1:${20000 + Math.floor(Math.random() * 20000)}`;
let server;

test.describe.configure({ mode: 'parallel' });

test.beforeAll(async () => {
  expect(gallery, 'run the browser tests by `make e2e`').toBeTruthy();
  server = spawn(gallery, ['-addr', address], { stdio: 'ignore' });
  await expect.poll(() => fetch(`http://${address}/`).then((r) => r.ok, () => false), { timeout: 30_000 }).toBe(true);
});
test.afterAll(() => server?.kill());

const open = (page, state) => page.goto(`http://${address}${state.path}`);

for (const name of pages) {
  for (const lang of languages) {
    const states = all.filter((s) => s.page === name && s.lang === lang);
    // 320 pixels is a window of 1280 at 400 %: the page reflows (A11-06). Colors
    // are the same in every language.
    test(`A11-07 ${name} in ${lang}: 0 axe violations in every state, light and dark; it fits 320, 360 and 1280 pixels, and what acts is 44 pixels high`, async ({ page }) => {
      test.setTimeout(30_000 + states.length * 10_000);
      for (const state of states) {
        await page.emulateMedia({ colorScheme: 'light' });
        await open(page, state);
        expect.soft(await page.locator('html').getAttribute('lang'), state.path).toBe(lang);
        expect.soft(await violations(page), state.path).toEqual([]);
        if (lang === languages[0]) {
          await page.emulateMedia({ colorScheme: 'dark' });
          expect.soft(await contrast(page), `${state.path} in the dark`).toEqual([]);
        }
        for (const width of [320, 1280, 360]) {
          await page.setViewportSize({ width, height: 640 });
          expect.soft(await overflow(page), `${state.path} at ${width} pixels (A11-06)`).toBeLessThanOrEqual(0);
        }
        expect.soft(await page.evaluate(small), `${state.path} (A11-07, text links apart)`).toEqual([]);
      }
    });
  }
}

// overflow is by how much the page is wider than the window. 320 pixels is
// also a window of 1280 at 400 %.
function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test('the gallery is not empty', () => { expect(pages.length).toBeGreaterThan(15); });

// small lists what acts and is too small for a thumb. A tick box or radio
// button is as large as its label; the console is for a mouse (24 pixels).
function small() {
  const least = document.body.classList.contains('desk') ? 24 : 44;
  return [...document.querySelectorAll('button, .button, .door, input:not([type=hidden]), select')]
    .filter((e) => e.getClientRects().length && !e.closest('[hidden], dialog:not([open])'))
    .map((e) => ({ e, box: (e.matches('[type=radio], [type=checkbox]') ? e.closest('label, .choice') ?? e : e).getBoundingClientRect() }))
    .filter(({ box }) => box.height < least || box.width < 24)
    .map(({ e, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 100)}`);
}
