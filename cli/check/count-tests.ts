import { z } from 'zod';

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

export type Count = { readonly passed: number; readonly failed: number };

/**
 * Counts vitest's JSON report. A file that broke outside its tests is one failure, and so is a run that ended badly
 * with every test passed (an unhandled rejection, a set-up that threw) or left no report: null.
 */
export function countTests(report: string | null, exitCode: number): Count {
  const parsed = Report.safeParse(parseJson(report ?? '')).data;
  if (!parsed) return { passed: 0, failed: 1 };
  const brokenFiles = parsed.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  const failed = parsed.numFailedTests + brokenFiles.length;
  return { passed: parsed.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
