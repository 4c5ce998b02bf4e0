import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// start runs a program of ours, on a folder of its own that begins as a copy of
// another one where that is given, and resolves with the JSON line it prints
// when it is ready. end() ends it, stop() removes its data too.
export async function start(binary, args, copyOf) {
  if (!binary) throw new Error('run the browser tests by `make e2e`, which builds the programs first');
  const data = mkdtempSync(join(tmpdir(), 'quittance-e2e-'));
  if (copyOf) cpSync(copyOf, data, { recursive: true });
  const child = spawn(binary, args.map((a) => a.replace('DATA', data)), { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = [];
  child.stderr.on('data', (chunk) => errors.push(chunk.toString()));
  const ready = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{') || line.startsWith('[')) resolve(JSON.parse(line));
    });
    child.on('exit', (code) => reject(new Error(`${binary} ended with ${code}: ${errors.join('')}`)));
    setTimeout(() => reject(new Error(`${binary} was not ready in 60 s: ${errors.join('')}`)), 60_000).unref();
  });
  const end = () => new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.on('exit', resolve);
    child.kill('SIGTERM');
  });
  const remove = () => rmSync(data, { recursive: true, force: true });
  return { ready: await ready, data, end, remove, stop: () => end().then(remove), errors };
}
