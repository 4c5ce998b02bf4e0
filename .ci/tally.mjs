// Reads `go test -json` on standard input, prints what failed and one line a
// package, and keeps the counts in a file so that the last line of `make test`
// can add them up. Usage: tally.mjs COUNTS_FILE < stream, or
// tally.mjs --sum COUNTS_FILE... to print the sum and fail on any failure.
import { createInterface } from 'node:readline';
import { readFileSync, writeFileSync } from 'node:fs';

const args = process.argv.slice(2);
if (args[0] === '--sum') sum(args.slice(1));
else await stream(args[0]);

function sum(files) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const f of files) {
    const c = JSON.parse(readFileSync(f, 'utf8'));
    for (const k of Object.keys(total)) total[k] += c[k];
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed || total.skipped || !total.passed ? 1 : 0);
}

async function stream(file) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const output = new Map();
  const plain = [];
  for await (const line of createInterface({ input: process.stdin })) {
    let e;
    try { e = JSON.parse(line); } catch { plain.push(line); console.log(line); continue; }
    if (e.Action === 'build-output') { process.stdout.write(e.Output); continue; }
    const key = `${e.Package} ${e.Test ?? ''}`;
    if (e.Action === 'output') { output.set(key, (output.get(key) ?? '') + e.Output); continue; }
    if (e.Test) test(e, key); else pack(e, key);
  }
  writeFileSync(file, JSON.stringify(counts));
  process.exit(counts.failed || counts.skipped ? 1 : 0);

  function test(e, key) {
    if (e.Action === 'pass') counts.passed++;
    if (e.Action === 'skip') { counts.skipped++; console.log(`skipped: ${key}\n${output.get(key) ?? ''}`); }
    if (e.Action === 'fail') { counts.failed++; console.log(`FAILED: ${key}\n${output.get(key) ?? ''}`); }
    if (['pass', 'skip', 'fail'].includes(e.Action)) output.delete(key);
  }

  function pack(e, key) {
    if (e.Action === 'pass') console.log(`ok    ${e.Package} ${e.Elapsed}s`);
    if (e.Action === 'fail') { counts.failed++; console.log(`FAIL  ${e.Package} ${e.Elapsed}s\n${output.get(key) ?? ''}`); }
  }
}
