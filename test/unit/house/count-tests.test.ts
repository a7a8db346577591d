import { describe, expect, it } from 'vitest';
import { countTests } from '../../../cli/check/count-tests.ts';

type Status = 'passed' | 'failed';

function report(...files: readonly (readonly [file: Status, ...tests: Status[]])[]): string {
  const all = files.flatMap(([, ...tests]) => tests);
  return JSON.stringify({
    numPassedTests: all.filter((status) => status === 'passed').length,
    numFailedTests: all.filter((status) => status === 'failed').length,
    testResults: files.map(([status, ...tests]) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  });
}

describe('the count of npm test', () => {
  it('is that of the report', () => {
    const text = report(['passed', 'passed', 'passed'], ['failed', 'passed', 'failed']);
    expect(countTests(text, 1)).toEqual({ passed: 3, failed: 1 });
  });

  it('takes a file that could not be loaded for a failure', () => {
    expect(countTests(report(['passed', 'passed'], ['failed']), 1)).toEqual({ passed: 1, failed: 1 });
  });

  it('takes a run that ended badly for a failure, had every test passed', () => {
    expect(countTests(report(['passed', 'passed']), 1)).toEqual({ passed: 1, failed: 1 });
  });

  it.each([null, '', '{"numPass', '{}'])('takes the report %o for a failure', (text) => {
    expect(countTests(text, 0)).toEqual({ passed: 0, failed: 1 });
  });
});
