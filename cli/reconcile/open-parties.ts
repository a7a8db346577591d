import { readRunning } from '../../local/running.ts';
import { LOCAL_POOL } from '../../local/user-pool/constants.ts';
import type { Config } from '../../src/config.ts';
import { AT_ONCE } from '../../src/jobs/reconcile.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { createUserPool, type UserPool } from '../../src/user-pool/user-pool.ts';

export type Parties = AsyncDisposable & { readonly database: Database; readonly userPool: UserPool };

/** Pool and database as the configuration names them, or those of the product that runs with a local pool. */
export function openParties(config: Config, perSecond: number): Parties {
  const { poolId, endpoint, url } = toPlaces(config);
  const rates = { reads: perSecond, changes: perSecond, lists: perSecond };
  const userPool = createUserPool({ userPoolId: poolId, endpoint, rates });
  const preparedStatements = config.DATABASE_PREPARED_STATEMENTS;
  const database = createDatabase({ url, poolSize: AT_ONCE, preparedStatements });
  return {
    database,
    userPool,
    [Symbol.asyncDispose]: async () => {
      userPool.close();
      await database.close();
    },
  };
}

function toPlaces({ COGNITO_USER_POOL_ID, DATABASE_URL, LOCAL_DIR }: Config) {
  if (COGNITO_USER_POOL_ID === undefined) {
    const { poolEndpoint, databaseUrl } = readRunning(LOCAL_DIR);
    return { poolId: LOCAL_POOL.poolId, endpoint: poolEndpoint, url: databaseUrl };
  }
  if (DATABASE_URL === undefined) throw new Error('COGNITO_USER_POOL_ID is set: set DATABASE_URL too.');
  return { poolId: COGNITO_USER_POOL_ID, endpoint: null, url: DATABASE_URL };
}
