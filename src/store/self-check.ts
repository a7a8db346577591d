import type pg from 'pg';
import { StartupError } from '../errors.ts';
import { listMigrations } from './migrations/read-migrations.ts';
import { REACH_ROLES } from './scope.ts';
import { FIND_PROBLEMS } from './self-check/find-problems.ts';

/**
 * Asks the database, as the login role, whether it holds tenants apart: the login can do nothing by itself, the reaches are
 * what they should be, every table of a tenant is held by its policies, keys and indexes, and every migration of the
 * checkout and of `folders` beside it is there. Throws StartupError with a line for every problem, saying what to write.
 */
export async function selfCheck(pool: pg.Pool, folders: readonly string[] = []): Promise<void> {
  const migrations = await listMigrations(folders);
  const { rows } = await pool
    .query<{ readonly problem: string }>(FIND_PROBLEMS, [REACH_ROLES, migrations])
    .catch(rethrowUnreachable);
  if (rows.length > 0) throw new StartupError(rows.map(({ problem }) => problem).join('\n'));
}

function rethrowUnreachable(error: unknown): never {
  const why = error instanceof Error ? error.message || error.name : String(error);
  throw new StartupError(`The database cannot be asked: ${why}. Check DATABASE_URL, and that PostgreSQL is up.`, {
    cause: error,
  });
}
