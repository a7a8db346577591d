import pg from 'pg';
import { selfCheck } from '../../src/store/self-check.ts';

/** What the self-check says on this pool, a line each. */
export async function problemsOf(pool: pg.Pool, folders?: readonly string[]): Promise<readonly string[]> {
  const outcome = await selfCheck(pool, folders).then(
    () => '',
    (error: Error) => error.message,
  );
  return outcome === '' ? [] : outcome.split('\n');
}

/** The same to whoever `url` signs in as. */
export async function problemsAt(url: string, folders?: readonly string[]): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    return await problemsOf(pool, folders);
  } finally {
    await pool.end();
  }
}

export type Stage = AsyncDisposable & {
  /** What the login role is told once `change` was made. Nothing is committed, for roles belong to the whole cluster. */
  problemsAfter(change: string): Promise<readonly string[]>;
};

/** A database in which to plant mistakes, as its owner. */
export function createStage(ownerUrl: string, login: string): Stage {
  // One connection, so that a change not committed is seen by the check and by nobody else.
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 });
  return {
    problemsAfter: async (change) => {
      await owner.query('begin');
      try {
        await owner.query(change);
        await owner.query(`set session authorization ${login}`);
        return await problemsOf(owner);
      } finally {
        await owner.query('rollback; reset session authorization');
      }
    },
    [Symbol.asyncDispose]: () => owner.end(),
  };
}
