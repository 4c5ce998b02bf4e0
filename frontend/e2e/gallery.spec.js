import { test as base, expect } from '@playwright/test';
import { execFileSync, spawn } from 'node:child_process';
import { shape, violationsOnce } from './axe.js';

// Every page in every state and language, as the gallery lists them.
const gallery = process.env.GALLERY_BIN;
const all = gallery ? JSON.parse(execFileSync(gallery, ['-list'], { maxBuffer: 1 << 26 })) : [];
const pages = [...new Set(all.map((s) => s.page))];
const languages = [...new Set(all.map((s) => s.lang))];
let server, address;

// One window for all pages.
const test = base.extend({
  window: [async ({ browser }, use) => {
    const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
    await use(page);
    await page.close();
  }, { scope: 'worker' }],
});

test.describe.configure({ mode: 'parallel' });

test.beforeAll(async () => {
  expect(gallery, 'run the browser tests by `make e2e`').toBeTruthy();
  server = spawn(gallery, ['-addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  [address] = await new Promise((done) => {
    server.stdout.on('data', (said) => done(/127\.0\.0\.1:\d+/.exec(said)));
  });
});
test.afterAll(() => server?.kill());

for (const name of pages) {
  const states = all.filter((s) => s.page === name);
  // 320 pixels is a window of 1280 at 400 %: the page reflows (A11-06).
  test(`A11-07 ${name} in ${languages.join(' and ')}: 0 axe violations in every state, light and dark; it fits 320, 360 and 1280 pixels, and what acts is 44 pixels high`, async ({ window: page }) => {
    test.setTimeout(60_000 + states.length * 10_000);
    for (const state of states) {
      await page.setViewportSize({ width: 360, height: 640 });
      await page.goto(`http://${address}${state.path}`);
      expect.soft(await page.evaluate(() => document.documentElement.lang), state.path).toBe(state.lang);
      expect.soft(await violationsOnce(page, { dark: true }), state.path).toEqual([]);
      expect.soft(await page.evaluate(small), `${state.path} (A11-07, text links apart)`).toEqual([]);
      for (const width of [360, 320, 1280]) {
        if (width !== 360) await page.setViewportSize({ width, height: 640 });
        expect.soft(await overflow(page), `${state.path} at ${width} pixels (A11-06)`).toBeLessThanOrEqual(0);
      }
    }
  });
}

// overflow is by how much the page is wider than the window. 320 pixels is
// also a window of 1280 at 400 %.
function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test('the gallery is not empty', () => { expect(pages.length).toBeGreaterThan(15); });

// A page whose words changed has the same shape; a name that was lost, an
// element more and words that are now the same as others have another one.
test('a shape is all of a page but its words', async ({ page }) => {
  const of = async (html) => { await page.setContent(html); return shape(page); };
  const first = await of('<h1 id=a>One</h1><a href="/x">two</a><input aria-label="three">');
  expect(await of('<h1 id=a>Uno</h1><a href="/y">dos</a><input aria-label="tres">')).toBe(first);
  for (const other of [
    '<h1 id=a>One</h1><a href="/x"></a><input aria-label="three">', '<h1 id=a>One</h1><a href="/x">two</a><input aria-label="">',
    '<h1 id=a>One</h1><a href="/x">two</a><input>', '<h2 id=a>One</h2><a href="/x">two</a><input aria-label="three">',
    '<h1 id=b>One</h1><a href="/x">two</a><input aria-label="three">', '<h1 id=a>One</h1><a href="/x">two</a><input aria-label="two">',
    '<h1 id=a class=c>One</h1><a href="/x">two</a><input aria-label="three">', '<h1 id=a>One</h1><p>two</p><a href="/x">two</a><input aria-label="three">',
  ]) expect(await of(other), other).not.toBe(first);

  const two = (a, b) => of(`<p id="dbt_${a}-hint">one</p><p id="dbt_${b}-hint">two</p>`); // of two records
  const [x, y, z] = ['X', 'Y', 'Z'].map((letter) => letter.repeat(26));
  expect(await two(x, y)).toBe(await two(y, z));
  expect(await two(x, y)).not.toBe(await two(x, x));
  const dressed = (sheet) => of(`<link rel=stylesheet href="/assets/${sheet}.css"><p>one</p>`);
  expect(await dressed('a')).not.toBe(await dressed('b'));
});

// Only what axe found nothing on is not looked at again, and a look in the light
// says nothing about the dark.
test('a page with a fault is looked at each time', async ({ page }) => {
  const draw = (main, css = '') => page.setContent(`<!DOCTYPE html><html lang=en><title>t</title><style>${css}</style><main><h1>One</h1>${main}</main>`);
  await draw('<img src=x>');
  for (const dark of [false, true, true]) expect((await violationsOnce(page, { dark })).join()).toContain('image-alt');
  await draw('<p>two</p>', '@media (prefers-color-scheme: dark) { p { color: #000; background: #111 } }');
  expect(await violationsOnce(page)).toEqual([]);
  for (let i = 0; i < 2; i++) expect((await violationsOnce(page, { dark: true })).join()).toContain('in the dark: color-contrast');
});

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
