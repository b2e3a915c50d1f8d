// Ends a run of Vitest with one line that a machine can read: `12 passed, 0 failed, 1 skipped`. A file that could not be
// loaded, a hook that threw and an error that no test caught each count as one failure.

import { writeFileSync } from 'node:fs';

export default class CountReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      if (module.errors().length > 0) count.failed++;
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) count.failed++;
    }
    // A test that was begun and never ended is no success.
    const failed = count.failed + count.pending;
    const line = `${count.passed} passed, ${failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`;
    if (process.env.SPANSCOPE_TEST_COUNTS) writeFileSync(process.env.SPANSCOPE_TEST_COUNTS, `${line}\n`);
    process.once('exit', () => console.log(line));
  }
}
