import AxeBuilder from '@axe-core/playwright';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Half a megabyte, of which each sign takes half the room in ASCII.
const source = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
  .replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

// What is asked of every page: WCAG 2.0 to 2.2, levels A and AA, and what axe
// calls best practice.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

const lines = (violations) => violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.flat().join(' ')).join(', ')} (${v.help})`);

// violations returns what axe finds on the page, one line each. A page with
// frames is looked at with its frames. Those are the processor's documents and
// have a main part of their own, so landmarks are not compared across them; the
// gallery compares them on the same pages without.
// A page that is shown again in a frame without scripts was looked at when it
// was shown first.
export async function violations(page) {
  if (page.frames().length > 1 && await page.locator('iframe:not(.replay)').count()) {
    return lines((await new AxeBuilder({ page }).withTags(tags).disableRules('landmark-unique').analyze()).violations);
  }
  return lines(await run(page, { type: 'tag', values: tags }));
}

// violationsOnce does so for a page that may come again and again: each shape at
// each size is looked at once in a run, by whichever worker meets it first. What
// was looked at in light and dark needs no second look in the light.
export async function violationsOnce(page, { dark = false } = {}) {
  const parts = await Promise.all(page.frames().map((f) => shape(f).catch(() => crypto.randomUUID())));
  const looked = cleanMark([page.viewportSize(), ...parts]);
  const both = cleanMark([page.viewportSize(), ...parts, 'dark too']);
  if (existsSync(both) || (!dark && existsSync(looked))) return [];
  const found = await violations(page);
  if (dark) {
    await page.emulateMedia({ colorScheme: 'dark' });
    found.push(...(await contrast(page)).map((line) => `in the dark: ${line}`));
    await page.emulateMedia({ colorScheme: 'light' });
  }
  if (!found.length) writeFileSync(dark ? both : looked, '');
  return found;
}

// cleanMark is the file that says of a page that axe found nothing on it.
function cleanMark(parts) {
  return join(process.env.CLEAN_SHAPES, createHash('sha256').update(JSON.stringify(parts)).digest('hex'));
}

// shape is what a page looks like to axe without its words: the same elements
// and attributes in the same order, the same words in the same places being the
// same, and none where there are none. Identifiers and what points at them count;
// of a record's own, which differs from run to run, only that it is the same one.
export function shape(page) {
  return page.evaluate(() => {
    const known = new Map();
    const nth = (words) => {
      const text = words.replace(/\s+/g, ' ').trim();
      if (text && !known.has(text)) known.set(text, known.size + 1);
      return text && `#${known.get(text)}`;
    };
    const told = /^(alt|aria-label|aria-description|aria-valuetext|title|value|placeholder|content|label|href|action|src|datetime|lang|hreflang|d|viewBox|points|style|data-.*)$/;
    const named = (value) => value.replace(/[a-z]{3}_[0-9A-Za-z]{12,}/g, nth);
    const sheet = (node, name) => name === 'href' && node.localName === 'link'; // colors and sizes
    const draw = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return nth(node.data);
      if (node.nodeType !== Node.ELEMENT_NODE) return '';
      if (node.localName === 'script' || node.localName === 'style') return '';
      const attributes = [...node.attributes].map(({ name, value }) => `${name}=${sheet(node, name) ? value.split('/').pop() : told.test(name) && !value.startsWith('#') ? nth(value) : named(value)}`).sort();
      return `<${node.localName} ${attributes.join(' ')}>${[...node.childNodes].map(draw).join('')}</>`;
    };
    return draw(document.documentElement);
  });
}

// contrast looks at colors alone, for a page that has been looked at already.
export async function contrast(page) {
  return lines(await run(page, { type: 'rule', values: ['color-contrast'] }));
}

async function run(page, runOnly) {
  if (!await page.evaluate('"axe" in window')) await load(page);
  return page.evaluate(
    (only) => window.axe.run(document, { runOnly: only, iframes: false, resultTypes: ['violations'] }).then((r) => r.violations), runOnly);
}

// load brings axe to the page by the browser's own protocol: page.evaluate takes
// three times as long.
async function load(page) {
  const session = await page.context().newCDPSession(page);
  const { exceptionDetails } = await session.send('Runtime.evaluate', { expression: source });
  if (exceptionDetails) throw new Error(`axe: ${exceptionDetails.text}`);
  await session.detach();
}
