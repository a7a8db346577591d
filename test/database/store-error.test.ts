import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { SYSTEM } from '../../src/store/scope.ts';
import { isUniqueViolation } from '../../src/store/store-error.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { PATIENT_DATABASE } from '../support/eventually.ts';

describe('an error of the database', () => {
  let home: TestDatabase;
  let database: Database;
  /** The same one, where statements may take hardly any time. */
  let hasty: Database;
  beforeAll(async () => {
    home = await createTestDatabase();
    const options = { url: home.appUrl, poolSize: 2, preparedStatements: true, timings: PATIENT_DATABASE };
    database = createDatabase(options);
    hasty = createDatabase({ ...options, statementTimeoutMs: 100 });
  });
  afterAll(async () => {
    await hasty.close();
    await database.close();
    await home.drop();
  });

  it('is SERVICE_UNAVAILABLE for a read that takes too long', async () => {
    const sleep = hasty.query(SYSTEM, { name: 'error-sleep', text: 'select pg_sleep(5)' });
    await expect(sleep).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('is SERVICE_UNAVAILABLE for a write that takes too long, behind Prisma', async () => {
    const sleep = hasty.transaction(SYSTEM, (tx) => tx.$queryRaw`select pg_sleep(5)::text`);
    await expect(sleep).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('is known as a unique violation behind Prisma, and undoes the transaction', async () => {
    const ids = ['01a20a56-ebee-7043-a1f4-a33e9b2eb3a5', '01a20a56-ebee-7043-a1f4-a33e9b2eb3a6'];
    const twice = database.transaction(SYSTEM, async (tx) => {
      for (const id of ids) await tx.tenant.create({ data: { id, slug: 'twice', name: 'Twice' } });
    });
    expect(isUniqueViolation(await twice.catch((error: unknown) => error))).toBe(true);
    expect(await database.transaction(SYSTEM, (tx) => tx.tenant.count())).toBe(0);
  });

  it('stays as it came when trying again would not help', async () => {
    const broken = database.query(SYSTEM, { name: 'error-broken', text: 'select 1/0' });
    await expect(broken).rejects.toMatchObject({ code: '22012' });
  });
});
