import { writeFileSync } from 'node:fs';

// Keeps the counts and the slowest tests for the end of `make test`; .ci/tally.mjs
// says in which form.
export default class Counts {
  onBegin(_config, suite) { this.suite = suite; }

  onEnd() {
    const counts = { passed: 0, failed: 0, skipped: 0, slowest: [] };
    for (const test of this.suite.allTests()) {
      const outcome = test.outcome();
      if (outcome === 'expected' || outcome === 'flaky') counts.passed++;
      else if (outcome === 'skipped') counts.skipped++;
      else counts.failed++;
      const took = test.results.reduce((sum, result) => sum + result.duration, 0);
      counts.slowest.push({ name: test.titlePath().filter(Boolean).join(' '), seconds: took / 1000 });
    }
    counts.slowest.sort((a, b) => b.seconds - a.seconds).splice(10);
    if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts));
  }
}
