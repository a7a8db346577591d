import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FAULTS } from '../support/database-faults.ts';
import { reportFault } from '../support/fault-report.ts';
import { type FaultyProduct, startFaultyProduct } from '../support/faulty-product.ts';

const FAULT_MS = 700;
// A connection is waited for one second and an answer four and a half; the rest is a busy machine's.
const LONGEST_MS = 8_000;
const READINESS_MS = 3_000;
const RECOVERY_MS = 5_000;

describe('under load, a database', () => {
  let product: FaultyProduct;
  beforeAll(async () => {
    product = await startFaultyProduct();
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it.each(DATABASE_FAULTS)('that is $name costs answers, and neither a wrong one nor a long wait', async (fault) => {
    const report = await reportFault(product, fault, FAULT_MS);
    expect(report.wrong).toEqual([]);
    expect(report.unavailable).toBeGreaterThan(0);
    expect(report.longestMs).toBeLessThan(LONGEST_MS);
    expect(report.recoveryMs).toBeLessThan(RECOVERY_MS);
    expect(report.rightAfter).toBeGreaterThan(0);
    expect(report.readiness.longestMs).toBeLessThan(READINESS_MS);
    // What it settles on: a fault that ends connections may cost the first probe its own.
    if (fault.readiness !== null) expect(report.readiness.statuses.at(-1)).toBe(fault.readiness);
  });
});
