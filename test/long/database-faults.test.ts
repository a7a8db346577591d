import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FAULTS } from '../support/database-faults.ts';
import { expectHarmless, type FaultReport, reportFault } from '../support/fault-report.ts';
import { type FaultyProduct, startFaultyProduct } from '../support/faulty-product.ts';

const FAULT_MS = 10_000;
const TEST_TIMEOUT_MS = 60_000;
// A connection is waited for one second and an answer four and a half; the rest is a busy machine's.
const LONGEST_MS = 8_000;
const READINESS_MS = 3_000;
const RECOVERY_MS = 5_000;

describe('ten seconds under load with a database', () => {
  const lines: string[] = ['| fault | requests | right | 503 | longest s | recovery s | longest /readyz s |'];
  let product: FaultyProduct;
  beforeAll(async () => {
    product = await startFaultyProduct();
  });
  afterAll(async () => {
    process.stdout.write(`${lines.join('\n')}\n`);
    await product[Symbol.asyncDispose]();
  });

  it.each(DATABASE_FAULTS)(
    'that is $name: no crash, no wrong answer, and recovery within five seconds',
    { timeout: TEST_TIMEOUT_MS },
    async (fault) => {
      const report = await reportFault(product, fault, { afterMs: FAULT_MS });
      lines.push(toLine(fault.name, report));
      expectHarmless(report);
      expect(report.longestMs).toBeLessThan(LONGEST_MS);
      expect(report.recoveryMs).toBeLessThan(RECOVERY_MS);
      expect(report.readiness.longestMs).toBeLessThan(READINESS_MS);
    },
  );
});

function toLine(name: string, report: FaultReport): string {
  const { requests, right, unavailable, longestMs, recoveryMs, readiness } = report;
  const seconds = [longestMs, recoveryMs, readiness.longestMs].map((ms) => (ms / 1000).toFixed(2));
  return `| ${[name, requests, right, unavailable, ...seconds].join(' | ')} |`;
}
