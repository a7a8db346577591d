import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_TIMINGS, STATEMENT_TIMEOUT_MS } from '../../src/store/database.ts';
import { DATABASE_FAULTS } from '../support/database-faults.ts';
import { expectHarmless, reportFault } from '../support/fault-report.ts';
import { type FaultyProduct, startFaultyProduct } from '../support/faulty-product.ts';

const LIMITS = {
  statementTimeoutMs: 500,
  timings: {
    database: { connectTimeoutMs: 400, answerGraceMs: 100, readyTimeoutMs: 400 },
    // A mutation waits for what it has changed to be heard, and for no longer than this.
    revocations: { silenceMs: 400, connectMs: 400 },
  },
};
/** A caller waits for a connection and for an answer, and gives up hardly sooner. */
const LONGEST_MS = 6_000;

describe('under load, a database', () => {
  let product: FaultyProduct;
  beforeAll(async () => {
    product = await startFaultyProduct(LIMITS);
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it.each(DATABASE_FAULTS)('that is $name costs answers, and neither a wrong one nor a long wait', async (fault) => {
    const { connectTimeoutMs, answerGraceMs } = DATABASE_TIMINGS;
    expect(connectTimeoutMs + STATEMENT_TIMEOUT_MS + answerGraceMs).toBeLessThan(LONGEST_MS);
    const report = await reportFault(product, fault, 'once answered');
    expectHarmless(report);
    // A fault that ends connections may cost a probe its own, and a probe that finds none is never answered 200.
    const { statuses } = report.readiness;
    if (fault.readiness === 200) expect(statuses.at(-1)).toBe(200);
    if (fault.readiness === 503) expect(new Set(statuses.slice(1))).toEqual(new Set([503]));
  });
});
