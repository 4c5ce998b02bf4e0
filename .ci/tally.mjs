// Reads `go test -json` on standard input, prints what failed and one line a
// package, and keeps the counts in a file so that the last line of `make test`
// can add them up. Usage: tally.mjs COUNTS_FILE < stream, or
// tally.mjs --sum COUNTS_DIR SECONDS to print how long the steps and the slowest
// tests took and the sum of all counts, and to fail on any failure.
//
// COUNTS_DIR/NAME.json, also that of the browser tests, is
// {passed, failed, skipped, slowest: [{name, seconds}]}; COUNTS_DIR/STEP.seconds
// is a number.
import { createInterface } from 'node:readline';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';

const shown = 10; // of the slowest tests

const args = process.argv.slice(2);
if (args[0] === '--sum') sum(args[1], Number(args[2]));
else await stream(args[0]);

function slowest(tests) {
  return tests.sort((a, b) => b.seconds - a.seconds).slice(0, shown);
}

function sum(dir, took) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const tests = [];
  const steps = [];
  for (const file of readdirSync(dir)) {
    const { name, ext } = parse(file);
    const text = readFileSync(join(dir, file), 'utf8');
    if (ext === '.seconds') steps.push({ name, seconds: Number(text) });
    if (ext !== '.json') continue;
    const counts = JSON.parse(text);
    for (const kind of Object.keys(total)) total[kind] += counts[kind];
    tests.push(...counts.slowest ?? []);
  }
  const line = ({ name, seconds }) => console.log(`${seconds.toFixed(1).padStart(8)} s  ${name}`);
  console.log(`steps (side by side, ${took} s in all):`);
  steps.sort((a, b) => b.seconds - a.seconds).forEach(line);
  console.log('slowest tests:');
  slowest(tests).forEach(line);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed || total.skipped || !total.passed ? 1 : 0);
}

async function stream(file) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const output = new Map();
  const times = new Map();
  const racing = new Set();
  for await (const line of createInterface({ input: process.stdin })) {
    let e;
    try { e = JSON.parse(line); } catch { console.log(line); continue; }
    if (e.Action === 'build-output') { process.stdout.write(e.Output); continue; }
    const key = `${e.Package} ${e.Test ?? ''}`;
    if (e.Action === 'output') {
      const row = /^\s*\S+\.go:\d+: row: (.*)/.exec(e.Output); // what a test wants to be read
      if (row) console.log(`${e.Test}: ${row[1]}`);
      output.set(key, (output.get(key) ?? '') + e.Output);
      tellRace(e, key);
      continue;
    }
    if (e.Test) test(e, key); else pack(e, key);
  }
  writeFileSync(file, JSON.stringify({ ...counts, slowest: slowest([...times].map(([name, seconds]) => ({ name, seconds }))) }));
  process.exit(counts.failed || counts.skipped ? 1 : 0);

  // Whichever test it was written by, a race fails those that run: it is told whole.
  function tellRace(e, key) {
    if (e.Output.startsWith('WARNING: DATA RACE')) racing.add(key);
    if (racing.has(key)) process.stdout.write(e.Output);
    if (e.Output.startsWith('======')) racing.delete(key);
  }

  function test(e, key) {
    if (e.Action === 'pass') counts.passed++;
    if (e.Action === 'skip') { counts.skipped++; console.log(`skipped: ${key}\n${output.get(key) ?? ''}`); }
    if (e.Action === 'fail') { counts.failed++; console.log(`FAILED: ${key}\n${output.get(key) ?? ''}`); }
    if (!['pass', 'skip', 'fail'].includes(e.Action)) return;
    output.delete(key);
    times.set(key, e.Elapsed);
    // A test of tests ends after them; only they are listed.
    if ([...times.keys()].some((other) => other.startsWith(`${key}/`))) times.delete(key);
  }

  function pack(e, key) {
    if (e.Action === 'pass') console.log(`ok    ${e.Package} ${e.Elapsed}s`);
    if (e.Action === 'fail') { counts.failed++; console.log(`FAIL  ${e.Package} ${e.Elapsed}s\n${output.get(key) ?? ''}`); }
  }
}
