import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createStage, problemsAt, type Stage } from '../support/self-check.ts';
import { INDEXES } from './sql-lints/indexes.ts';
import { KEYS } from './sql-lints/keys.ts';
import { NOTES } from './sql-lints/mistake.ts';
import { POLICIES } from './sql-lints/policies.ts';
import { TABLES } from './sql-lints/tables.ts';

const PROJECTS = join(import.meta.dirname, '../../examples/projects/migrations');

const MISTAKES = [...TABLES, ...POLICIES, ...KEYS, ...INDEXES];

let database: TestDatabase;
let stage: Stage;

beforeAll(async () => {
  database = await createTestDatabase([PROJECTS]);
  stage = createStage(database.ownerUrl, inject('suiteDatabase').login.name);
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await database.drop();
});

describe('the checks of SQL', () => {
  it('find nothing in the migrations of the checkout and of the example', async () => {
    expect(await problemsAt(database.appUrl, [PROJECTS])).toEqual([]);
  });

  it('find nothing in a table held to its tenant', async () => {
    expect(await stage.problemsAfter(NOTES)).toEqual([]);
  });

  it('let a policy pass that narrows the others', async () => {
    const narrower = 'create policy own on notes as restrictive to tenantry_tenant using (author_id is null)';
    expect(await stage.problemsAfter(`${NOTES} ${narrower}`)).toEqual([]);
  });

  it('let an enum pass in a unique index, which is there to refuse', async () => {
    expect(await stage.problemsAfter(`${NOTES} create unique index on notes (tenant_id, state)`)).toEqual([]);
  });

  it.each(MISTAKES)('name $mistake, in one line', async ({ sql, line }) => {
    expect(await stage.problemsAfter(`${NOTES} ${sql}`)).toEqual([line]);
  });

  it.each(MISTAKES)('have nothing against $mistake once it is mended', async ({ sql, mend }) => {
    expect(await stage.problemsAfter(`${NOTES} ${sql}; ${mend}`)).toEqual([]);
  });
});
