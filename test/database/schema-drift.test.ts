import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withEngine } from '../../src/store/migrations/engine.ts';
import { createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';

const SCHEMA = new URL('../../prisma/schema.prisma', import.meta.url);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

/** The SQL that would turn the database into what schema.prisma says; '' when it is that already. */
async function findDrift(url: string): Promise<string> {
  const files = [{ path: 'schema.prisma', content: await readFile(SCHEMA, 'utf8') }];
  const { stdout } = await withEngine(url, (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  return stdout?.replace('-- This is an empty migration.', '').trim() ?? '';
}

describe('prisma/schema.prisma and prisma/migrations', () => {
  it('describe the same database', async () => {
    expect(await findDrift(database.ownerUrl)).toBe('');
  });

  it.each([
    ['a column', 'alter table users add column nickname text', 'DROP COLUMN "nickname"'],
    ['an index', 'drop index tenants_slug_key', 'CREATE UNIQUE INDEX "tenants_slug_key"'],
    ['a default', `alter table tenants alter column status set default 'DELETING'`, `SET DEFAULT 'ACTIVE'`],
  ])('are seen to differ by %s', async (_what, change, mend) => {
    const drifted = await createTestDatabase();
    await withClient(drifted.ownerUrl, (client) => client.query(change));
    expect(await findDrift(drifted.ownerUrl)).toContain(mend);
    await drifted.drop();
  });
});
