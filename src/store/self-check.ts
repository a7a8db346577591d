import type pg from 'pg';
import { StartupError } from '../errors.ts';
import { listMigrations, MIGRATIONS_DIR } from './migrations/read-migrations.ts';
import { REACH_ROLES } from './scope.ts';
import { FIND_PROBLEMS } from './self-check-problems.ts';

/**
 * Asks the database, as the login role, whether it holds tenants apart: the login can do nothing by itself, every table
 * is under forced row policies, the reaches are what they should be, and it is migrated at least as far as this checkout.
 * Throws StartupError with a line for every problem.
 */
export async function selfCheck(pool: pg.Pool): Promise<void> {
  const newest = (await listMigrations(MIGRATIONS_DIR)).at(-1) ?? '';
  const { rows } = await pool
    .query<{ readonly problem: string }>(FIND_PROBLEMS, [REACH_ROLES, newest])
    .catch(rethrowUnreachable);
  if (rows.length > 0) throw new StartupError(rows.map(({ problem }) => problem).join('\n'));
}

function rethrowUnreachable(error: unknown): never {
  const why = error instanceof Error ? error.message || error.name : String(error);
  throw new StartupError(`The database cannot be asked: ${why}. Check DATABASE_URL, and that PostgreSQL is up.`, {
    cause: error,
  });
}
