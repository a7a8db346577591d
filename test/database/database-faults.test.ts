import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FAULTS } from '../support/database-faults.ts';
import { expectHarmless, reportFault } from '../support/fault-report.ts';
import { type FaultyProduct, startFaultyProduct } from '../support/faulty-product.ts';

const FAULT_MS = 700;

describe('under load, a database', () => {
  let product: FaultyProduct;
  beforeAll(async () => {
    product = await startFaultyProduct();
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it.each(DATABASE_FAULTS)('that is $name costs answers, and neither a wrong one nor a long wait', async (fault) => {
    const report = await reportFault(product, fault, FAULT_MS);
    expectHarmless(report);
    if (fault.readiness === null) return;
    // A fault that ends connections may cost the first of several probes its own.
    const { statuses } = report.readiness;
    expect(new Set(statuses.length > 1 ? statuses.slice(1) : statuses)).toEqual(new Set([fault.readiness]));
  });
});
