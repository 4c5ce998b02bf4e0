import { createServer } from 'node:http';
import { test, expect } from '../portal.js';
import { Visitor } from '../visitor.js';

// A page of another site, on another name of this machine, whose form sends
// itself to the portal: a field of it ends in the beginning of a message of the
// attacker's own. If the portal answered before it had read the form, what the
// browser asks for next, cookies and all, would be the rest of that message.
const elsewhere = (target, value) => `<!doctype html><title>Win a prize</title>
<form method="post" enctype="multipart/form-data" action="${target}"><input type="hidden" name="a"></form>
<script>document.querySelector('input').value = ${JSON.stringify(value)}; document.forms[0].submit();</script>`;

test('S12 a click on another site steals nothing of who is signed in', async ({ portal, browser }) => {
  const attacker = new Visitor(await (await browser.newContext()).newPage(), portal);
  await attacker.signIn(portal.people.ben);
  await attacker.open('/messages');
  const token = await attacker.page.locator('input[name=csrf]').first().inputValue();
  const cookies = (await attacker.page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');

  // Nobody watches where this browser goes: it is led to another site.
  const visitor = new Visitor(await (await browser.newContext()).newPage(), portal);
  const { page } = visitor;
  await visitor.signIn(portal.people.ana);
  const session = (await page.context().cookies()).find((c) => c.name === 'session').value;
  let form = '';
  const site = createServer((_, answer) => answer.writeHead(200, { 'Content-Type': 'text/html' }).end(form));
  await new Promise((done) => { site.listen(0, 'localhost', done); });
  try {
    const path = '/disputes/about/x';
    for (const kilobytes of [8, 12, 16, 40]) {
      const start = `csrf=${token}&words=STOLEN`;
      const rest = `POST /messages HTTP/1.1\r\nHost: x\r\nCookie: ${cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${start.length + 700}\r\n\r\n${start}`;
      form = elsewhere(portal.url + path, '\r\n'.repeat(kilobytes * 512) + rest);
      await page.goto(`http://localhost:${site.address().port}/`);
      await page.waitForURL(portal.url + path);
      await page.waitForLoadState('load');
      await visitor.open('/account');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(visitor.say('account.hello', { name: 'Ana' }));
    }
  } finally { site.close(); }

  await attacker.open('/messages');
  const thread = await attacker.page.content();
  expect(thread).not.toContain('STOLEN');
  expect(thread).not.toContain(session);
});
