import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { withLogin } from '../support/connection-url.ts';
import { createBlankDatabase, type TestDatabase, withClient } from '../support/database.ts';

const FILE = new URL('../../prisma/migrations/20261127000007_cutoffs/migration.sql', import.meta.url);
const OWNER = { name: `plain_owner_${randomUUID().slice(0, 8)}`, password: randomUUID() };

let database: TestDatabase;
let ownerUrl: string;

// An owner as README asks for one, and no superuser, whom policies would not hold.
beforeAll(async () => {
  database = await createBlankDatabase();
  ownerUrl = withLogin(database.ownerUrl, OWNER);
  await withClient(database.ownerUrl, async (superuser) => {
    const name = pg.escapeIdentifier(String(superuser.database));
    await superuser.query(`create role ${OWNER.name} login createrole password '${OWNER.password}'`);
    await superuser.query(`alter database ${name} owner to ${OWNER.name}`);
  });
  await migrate({ ownerUrl });
});
afterAll(async () => {
  const suiteUrl = database.ownerUrl;
  await withClient(suiteUrl, (superuser) =>
    superuser.query(`reassign owned by ${OWNER.name} to current_user; drop owned by ${OWNER.name}`),
  );
  await database.drop();
});

describe('what was so before there were cutoffs', () => {
  it('is told by the migration, to whoever owns the database, and policies hold him again afterwards', async () => {
    const [user, gone, shut, open] = Array.from({ length: 4 }, () => randomUUID());
    await withClient(database.ownerUrl, async (superuser) => {
      await superuser.query(
        `insert into users (id, pool_id, username, display_name, disabled_at) values ($1, 'pool', 'x', 'X', now())`,
        [user],
      );
      await superuser.query('insert into deleted_users (id) values ($1)', [gone]);
      await superuser.query(
        `insert into tenants (id, slug, name, status) values ($1, 'shut', 'Shut', 'SUSPENDED'), ($2, 'open', 'Open', 'ACTIVE')`,
        [shut, open],
      );
      await superuser.query(`insert into app_clients (client_id, tenant_id, name) values ('robot', $1, 'Robot')`, [
        open,
      ]);
      await superuser.query('delete from cutoffs');
    });
    const sql = await readFile(fileURLToPath(FILE), 'utf8');
    const told = sql.slice(sql.indexOf('-- What was so before'), sql.indexOf('-- Where a user is signed in'));
    await withClient(ownerUrl, (owner) => owner.query(told));
    const { rows } = await withClient(database.ownerUrl, (superuser) =>
      superuser.query('select kind, coalesce(of_user, of_tenant) as of, name from cutoffs order by id'),
    );
    expect(rows).toEqual([
      { kind: 'ACCOUNT', of: user, name: null },
      { kind: 'ACCOUNT', of: gone, name: null },
      { kind: 'TENANT', of: shut, name: null },
      { kind: 'CLIENT', of: open, name: 'robot' },
    ]);
    await withClient(ownerUrl, async (owner) => {
      expect((await owner.query('select from users')).rowCount).toBe(0);
      await expect(owner.query(`insert into cutoffs (kind, value) values ('USER', '1')`)).rejects.toThrow(/row-level/);
    });
  });
});
