import type pg from 'pg';
import { toStoreError } from '../../../src/store/store-error.ts';

const STANDING = `select current_user = session_user as "isLogin", coalesce(current_setting('app.tenant_id', true), '') as tenant,
  coalesce(current_setting('app.user_id', true), '') as caller`;

// 42501, insufficient_privilege: what the login role is answered that has put on no reach.
const REFUSED = '42501';

/** What somebody finds on a connection of the pool who sets no scope himself; null when nothing was left on it. */
export async function findLeftover(pool: pg.Pool): Promise<string | null> {
  const client = await pool.connect().catch(rethrow);
  // Broken while it is out of the pool: the statement under way is told, too.
  const ignore = () => undefined;
  client.on('error', ignore);
  let failure: Error | undefined;
  try {
    const { rows } = await client.query(STANDING);
    const [{ isLogin, tenant, caller }] = rows;
    if (!isLogin || tenant !== '' || caller !== '') return JSON.stringify(rows);
    return await readRows(client);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    return rethrow(failure);
  } finally {
    client.off('error', ignore);
    client.release(failure);
  }
}

async function readRows(client: pg.PoolClient): Promise<string | null> {
  try {
    const { rowCount } = await client.query('select id from public.memberships');
    return `${rowCount} memberships without a scope`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === REFUSED) return null;
    throw error;
  }
}

function rethrow(error: unknown): never {
  throw toStoreError(error);
}
