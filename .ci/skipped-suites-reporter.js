/** Jest reporter: says at the end which suites were skipped and why. A suite that needs a service names the reason in its title. */
export default class SkippedSuitesReporter {
  onRunComplete(_contexts, results) {
    const skipped = new Map();
    for (const file of results.testResults)
      for (const test of file.testResults)
        if (test.status === 'pending' || test.status === 'todo' || test.status === 'disabled') {
          const suite = test.ancestorTitles[0] ?? test.title;
          skipped.set(suite, (skipped.get(suite) ?? 0) + 1);
        }
    if (skipped.size === 0) return;
    process.stderr.write('\nSkipped suites:\n');
    for (const [suite, count] of skipped) process.stderr.write(`  ${suite} (${count} tests)\n`);
    if (process.env.XFLOW_FAIL_ON_SKIPPED)
      this.error = new Error('Suites were skipped, and XFLOW_FAIL_ON_SKIPPED is set.');
  }

  getLastError() {
    return this.error;
  }
}
