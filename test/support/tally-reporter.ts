import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Leaves in a file what `npm test` sums up. A file that cannot be loaded and an error outside of any test count as failed,
 * and so does a skipped test that gives no reason.
 */
export class TallyReporter implements Reporter {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter(isSkipped).map(describeSkip);
    const unexplained = skipped.filter(({ reason }) => reason === NO_REASON).length;
    const broken = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const tally = {
      passed: count('passed'),
      failed: count('failed') + broken.flatMap((part) => part.errors()).length + unhandledErrors.length + unexplained,
      skipped,
    };
    writeFileSync(this.#file, JSON.stringify(tally));
  }
}

/** A test that `-t` left out ends as skipped too; it was never meant to run. */
function isSkipped(test: TestCase): boolean {
  const result = test.result();
  return result.state === 'skipped' && (test.options.mode !== 'run' || result.note !== undefined);
}

const NO_REASON = 'NO REASON GIVEN, which counts as failed';

/** From `context.skip('reason')`, or from a title, its own or its suite's, that ends in `(skipped: reason)`. */
function describeSkip(test: TestCase): { name: string; reason: string } {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  const inTitle = /\(skipped: (.+?)\)( > |$)/.exec(test.fullName)?.[1];
  const name = test.fullName.replace(/ \(skipped: .+?\)(?= > |$)/, '');
  return { name, reason: note ?? inTitle ?? NO_REASON };
}
