// Takes the pictures of README.md from the gallery: `npm run pictures`, after
// `go build -o bin/gallery ./cmd/gallery` at the top of the repository.
import { chromium } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import config from './playwright.config.js';

const address = '127.0.0.1:18090';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const pictures = { account: '/gallery/account/two?lang=en', review: '/gallery/review/card?lang=en' };
const most = 150_000; // bytes, so that README opens quickly

const gallery = spawn(process.env.GALLERY_BIN ?? here('../../bin/gallery'), ['-addr', address], { stdio: ['ignore', 'pipe', 'inherit'] });
await new Promise((resolve, reject) => { gallery.stdout.once('data', resolve); gallery.once('error', reject); });
const browser = await chromium.launch(config.use.launchOptions);
try {
  mkdirSync(here('pictures'), { recursive: true });
  const page = await browser.newPage({ viewport: config.use.viewport, deviceScaleFactor: 2, colorScheme: 'light' });
  for (const [name, path] of Object.entries(pictures)) {
    const file = here(`pictures/${name}.png`);
    await page.goto(`http://${address}${path}`);
    if (name === 'review') await page.getByRole('button', { name: /^Pay/ }).evaluate((b) => scrollTo(0, b.getBoundingClientRect().bottom + scrollY + 28 - innerHeight));
    await page.screenshot({ path: file });
    if (statSync(file).size > most) throw new Error(`${file} is larger than ${most} bytes`);
  }
} finally {
  await browser.close();
  gallery.kill();
}
