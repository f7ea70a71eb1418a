/** Ends a run with a line per missing program, and writes the counts where `.ci/run` asks for them. */
import { writeFileSync } from 'node:fs';
import type { AggregatedResult, Reporter, Test, TestResult } from '@jest/reporters';
import { PROGRAMS, isInstalled, type Program } from './programs';

export default class CountingReporter implements Pick<Reporter, 'onTestResult' | 'onRunComplete'> {
  // A test can also be left out by a filter, which whoever typed it knows.
  private readonly missing = PROGRAMS.filter((program) => !isInstalled(program));
  private readonly skipped = new Map<Program, number>();

  onTestResult(_test: Test, { testResults }: TestResult): void {
    for (const { status, ancestorTitles } of testResults) {
      if (status !== 'pending') continue;
      const program = this.missing.find(({ suite }) => ancestorTitles.some((title) => title.endsWith(suite)));
      if (program) this.skipped.set(program, (this.skipped.get(program) ?? 0) + 1);
    }
  }

  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    for (const [{ suite, binaries, install }, count] of this.skipped) {
      process.stderr.write(
        `Skipped ${count} tests ${suite}: no ${binaries.join(' or ')} on this machine; ${install}\n`,
      );
    }
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
