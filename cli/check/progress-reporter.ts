import type { Reporter, TestModule, TestSpecification } from 'vitest/node';
import { styled } from '../../local/terminal.ts';

const INTERVAL_MS = 15_000;

/** A Vitest reporter: a line every fifteen seconds that says how far the tests are. Failures are printed by another one. */
// biome-ignore lint/style/noDefaultExport: Vitest loads a reporter's default export.
export default class ProgressReporter implements Reporter {
  #files = 0;
  #filesDone = 0;
  #passed = 0;
  #failed = 0;
  #timer: NodeJS.Timeout | undefined;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length;
    const begun = performance.now();
    this.#timer = setInterval(() => this.#print(Math.round((performance.now() - begun) / 1000)), INTERVAL_MS);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#filesDone += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') this.#passed += 1;
      if (state === 'failed') this.#failed += 1;
    }
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
  }

  #print(seconds: number): void {
    const tests = `${this.#passed} tests passed, ${this.#failed} failed`;
    process.stdout.write(`${styled('dim', `  ${seconds} s: ${this.#filesDone} of ${this.#files} files, ${tests}`)}\n`);
  }
}
