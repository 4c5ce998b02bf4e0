import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// start runs a program of ours and resolves with the JSON line it prints when
// it is ready. stop() ends it and removes its data.
export async function start(binary, args) {
  if (!binary) throw new Error('run the browser tests by `make e2e`, which builds the programs first');
  const data = mkdtempSync(join(tmpdir(), 'quittance-e2e-'));
  const child = spawn(binary, args.map((a) => a.replace('DATA', data)), { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = [];
  child.stderr.on('data', (chunk) => errors.push(chunk.toString()));
  const ready = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{') || line.startsWith('[')) resolve(JSON.parse(line));
    });
    child.on('exit', (code) => reject(new Error(`${binary} ended with ${code}: ${errors.join('')}`)));
    setTimeout(() => reject(new Error(`${binary} was not ready in 30 s: ${errors.join('')}`)), 30_000).unref();
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.on('exit', () => { rmSync(data, { recursive: true, force: true }); resolve(); });
    child.kill('SIGTERM');
  });
  return { ready: await ready, stop, errors };
}
