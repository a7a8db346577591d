import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeEnded } from '../../src/jobs/remove-ended.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { PATIENT_DATABASE } from '../support/eventually.ts';

const DAY_MS = 86_400_000;

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({ url: test.appUrl, poolSize: 1, preparedStatements: true, timings: PATIENT_DATABASE });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const asOwner = (text: string, values: unknown[] = []) =>
  withClient(test.ownerUrl, async (owner) => (await owner.query(text, values)).rows);
const notesLeft = async () =>
  (await asOwner('select name from cutoffs union all select id from sessions order by 1')).map(({ name }) => name);

describe('removeEnded', () => {
  it('removes cutoffs that have expired or have had a successor, and leaves the latest word on everything', async () => {
    const tenant = randomUUID();
    await asOwner(
      `insert into cutoffs (at, kind, of_tenant, name, value, ends_at)
       select now() - age::interval, kind, case when kind = 'TENANT' then $1::uuid end, name, 'true', now() + ends::interval
       from (values
         ('2 days', 'SESSION', 'expired', '-1 second'), ('2 days', 'SESSION', 'in force', '1 day'),
         ('2 days', 'CLIENT', 'c', null), ('1 day', 'CLIENT', 'c', null), ('1 minute', 'CLIENT', 'c', null),
         ('2 days', 'CLIENT', 'another', null), ('1 hour', 'TENANT', null, null)
       ) made (age, kind, name, ends)`,
      [tenant],
    );
    await removeEnded(database, 30 * DAY_MS);
    // Of the three words on one client the two older ones are gone.
    expect(await notesLeft()).toEqual(['another', 'c', 'in force', null]);
  });

  it('leaves a word that was followed within the last minutes: a node may have yet to read the later one', async () => {
    await asOwner('delete from cutoffs');
    await asOwner(`insert into cutoffs (kind, name, value) values ('CLIENT', 'c', '{}'), ('CLIENT', 'c', '{}')`);
    await removeEnded(database, 30 * DAY_MS);
    expect(await notesLeft()).toEqual(['c', 'c']);
  });

  it('removes sessions that nobody can be in any more', async () => {
    await asOwner('delete from cutoffs');
    await asOwner(
      `insert into sessions (user_id, id, client_id, authenticated_at, last_seen_at) values
       ($1, 'of long ago', 'web', now(), now() - interval '31 days'), ($1, 'of late', 'web', now(), now() - interval '29 days')`,
      [randomUUID()],
    );
    await removeEnded(database, 30 * DAY_MS);
    expect(await notesLeft()).toEqual(['of late']);
  });
});
