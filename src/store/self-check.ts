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
  const find = () => pool.query<{ readonly problem: string }>(FIND_PROBLEMS, [REACH_ROLES, migrations]);
  const { rows } = await untilConnected(find).catch(rethrowUnreachable);
  if (rows.length > 0) throw new StartupError(rows.map(({ problem }) => problem).join('\n'));
}

// A request is refused after a second without a connection; a process that starts, perhaps with its database, has more time.
const CONNECT_ATTEMPTS = 10;

/** Repeats a query while the database takes the connection and does not answer in time. */
async function untilConnected<Result>(query: () => Promise<Result>, attempts = CONNECT_ATTEMPTS): Promise<Result> {
  return query().catch((error: unknown) => {
    if (attempts === 1 || !isConnectTimeout(error)) throw error;
    return untilConnected(query, attempts - 1);
  });
}

// In the words of pg and of its pool, which give neither error a code.
function isConnectTimeout(error: unknown): boolean {
  return (
    error instanceof Error && /due to connection timeout|timeout exceeded when trying to connect/.test(error.message)
  );
}

function rethrowUnreachable(error: unknown): never {
  const why = error instanceof Error ? error.message || error.name : String(error);
  throw new StartupError(`The database cannot be asked: ${why}. Check DATABASE_URL, and that PostgreSQL is up.`, {
    cause: error,
  });
}
