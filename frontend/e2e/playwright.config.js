import { defineConfig } from '@playwright/test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chromium = process.env.CHROMIUM_PATH
  ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!chromium) throw new Error('Chromium is missing: run .ci/deps, or name it in CHROMIUM_PATH.');

// Where the workers tell each other which pages axe has found nothing on, in this
// run; they read this file too, and are given the folder.
if (!process.env.TEST_WORKER_INDEX) {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-shapes-'));
  process.env.CLEAN_SHAPES = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}

export default defineConfig({
  testDir: '.',
  // Generous, for machines that have more to do: a test that passes takes seconds.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  fullyParallel: false,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  reporter: [['list'], ['./counts-reporter.js']],
  use: {
    viewport: { width: 360, height: 640 },
    actionTimeout: 30_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
        '--js-flags=--no-opt --no-maglev'], // no page lives long enough to be worth it
    },
  },
});
