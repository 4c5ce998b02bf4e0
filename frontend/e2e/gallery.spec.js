import { test, expect } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { execFileSync, spawn } from 'node:child_process';

// Every page in every state and language, as the gallery lists them.
const gallery = process.env.GALLERY_BIN;
const pages = gallery ? JSON.parse(execFileSync(gallery, ['-list'], { maxBuffer: 1 << 26 })) : [];
const address = `127.0.0.1:${20000 + Math.floor(Math.random() * 20000)}`;
let server;

test.beforeAll(async () => {
  expect(gallery, 'run the browser tests by `make e2e`').toBeTruthy();
  server = spawn(gallery, ['-addr', address], { stdio: 'ignore' });
  await expect.poll(() => fetch(`http://${address}/`).then((r) => r.ok, () => false), { timeout: 10_000 }).toBe(true);
});
test.afterAll(() => server?.kill());

const groups = new Map();
for (const p of pages) groups.set(p.page, [...(groups.get(p.page) ?? []), p]);

for (const [name, states] of groups) {
  test(`${name}: 0 axe violations in every state and language, and it fits 360 and 320 pixels`, async ({ page }) => {
    test.setTimeout(30_000 + states.length * 8_000);
    for (const state of states) {
      await page.setViewportSize({ width: 360, height: 640 });
      await page.goto(`http://${address}${state.path}`);
      expect(await page.locator('html').getAttribute('lang'), state.path).toBe(state.lang);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      expect(violations.map((v) => `${state.path}: ${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`)).toEqual([]);
      for (const width of [360, 320]) {
        await page.setViewportSize({ width, height: 640 });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${state.path} at ${width} pixels (A11-06)`).toBeLessThanOrEqual(0);
      }
    }
  });
}

test('the gallery is not empty', () => { expect(groups.size).toBeGreaterThan(15); });

test('A11-07 every button and link that acts is at least 24 pixels, and the main ones 44', async ({ page }) => {
  for (const state of pages.filter((p) => p.lang === 'en')) {
    await page.goto(`http://${address}${state.path}`);
    const small = await page.evaluate(() => [...document.querySelectorAll('button, .door, input:not([type=hidden]), select')]
      .filter((e) => e.getClientRects().length && !e.closest('[hidden], dialog:not([open])'))
      .map((e) => ({ e, box: (e.matches('[type=radio], [type=checkbox]') ? e.closest('label') ?? e : e).getBoundingClientRect() }))
      .filter(({ box }) => box.height < 24 || box.width < 24)
      .map(({ e }) => e.outerHTML.slice(0, 100)));
    expect(small, state.path).toEqual([]);
  }
});
