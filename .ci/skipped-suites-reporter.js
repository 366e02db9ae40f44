/**
 * Jest reporter: says at the end which suites were skipped and why (a suite that needs a service names the reason in its
 * title), then the totals as `N passed, N failed`. With XFLOW_FAIL_ON_SKIPPED set, a skipped test fails the run.
 */
export default class SkippedSuitesReporter {
  onRunComplete(_contexts, results) {
    const skipped = new Map();
    for (const file of results.testResults) {
      for (const test of file.testResults) {
        if (!['pending', 'todo', 'disabled'].includes(test.status)) continue;
        const suite = test.ancestorTitles[0] ?? test.title;
        skipped.set(suite, (skipped.get(suite) ?? 0) + 1);
      }
    }
    if (skipped.size > 0) {
      process.stderr.write('\nSkipped suites:\n');
      for (const [suite, count] of skipped) process.stderr.write(`  ${suite} (${count} tests)\n`);
      if (process.env.XFLOW_FAIL_ON_SKIPPED) {
        this.error = new Error('Suites were skipped, and XFLOW_FAIL_ON_SKIPPED is set.');
      }
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.stderr.write(`\n${results.numPassedTests} passed, ${failed} failed\n`);
  }

  getLastError() {
    return this.error;
  }
}
