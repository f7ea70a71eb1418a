/** Ends a run with a line per missing program, and writes the counts where `.ci/run` asks for them. */
import { writeFileSync } from 'node:fs';
import type { AggregatedResult, Reporter, Test, TestResult } from '@jest/reporters';
import { PROGRAMS } from './programs';

export default class CountingReporter implements Pick<Reporter, 'onTestResult' | 'onRunComplete'> {
  private readonly skipped = new Map<string, number>();

  onTestResult(_test: Test, { testResults }: TestResult): void {
    for (const { status, ancestorTitles } of testResults) {
      if (status !== 'pending') continue;
      const missing = PROGRAMS.find(({ suite }) => ancestorTitles.some((title) => title.endsWith(suite)));
      const reason = missing
        ? `${missing.suite}: no ${missing.binaries[0]} on this machine; ${missing.install}`
        : 'for a reason given in the test';
      this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
    }
  }

  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    for (const [reason, count] of this.skipped) process.stderr.write(`Skipped ${count} tests ${reason}\n`);
    const file = process.env['AFFILIATES_TEST_COUNTS'];
    if (!file) return;
    const counts = {
      passed: results.numPassedTests,
      // A file that does not even load has no tests that could fail, so it counts as one.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(file, JSON.stringify(counts));
  }
}
