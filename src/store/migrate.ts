import type { DiagnoseMigrationHistoryOutput, MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { StartupError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { type MigrationEngine, withEngine } from './migrations/engine.ts';
import { withOwner } from './migrations/owner.ts';
import { MIGRATIONS_DIR, readMigrations } from './migrations/read-migrations.ts';

export { grantReach, type Login, toLogin } from './migrations/grant-reach.ts';

export type MigrateOptions = {
  /** As the owner of the database, not through a pooler. */
  readonly ownerUrl: string;
  /** Default: prisma/migrations of this checkout. */
  readonly migrationsDir?: string;
  readonly log?: Pick<Logger, 'info'>;
};

const NO_FILTER = { externalTables: [], externalEnums: [] };

/**
 * Brings the database to the newest migration and names those it applied; `prisma migrate` agrees with the record it
 * leaves. Several may run at once: they take turns. Each migration is one transaction. Throws StartupError for one
 * that fails, and for a database this checkout's migrations did not make.
 */
export async function migrate(options: MigrateOptions): Promise<{ readonly applied: readonly string[] }> {
  const migrationsList = await readMigrations(options.migrationsDir ?? MIGRATIONS_DIR);
  return withOwner(options.ownerUrl, (owner) =>
    withEngine(options.ownerUrl, async (engine) => {
      const history = await engine.diagnoseMigrationHistory({
        migrationsList,
        optInToShadowDatabase: false,
        filters: NO_FILTER,
      });
      assertSameHistory(history);
      const applied = await applyAll(engine, migrationsList);
      await recordNewest(owner);
      options.log?.info({ applied }, 'database migrated');
      return { applied };
    }),
  );
}

function assertSameHistory({ failedMigrationNames, editedMigrationNames, history }: DiagnoseMigrationHistoryOutput) {
  const [failed] = failedMigrationNames;
  if (failed !== undefined) {
    throw new StartupError(
      `Migration ${failed} was interrupted: see whether its changes are there, then run "npx prisma migrate resolve --applied ${failed}" or "--rolled-back".`,
    );
  }
  const [edited] = editedMigrationNames;
  if (edited !== undefined) {
    throw new StartupError(
      `Migration ${edited} was edited after it had been applied to this database: restore its file and write a new migration.`,
    );
  }
  const unknown = history !== null && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [];
  if (unknown.length > 0) {
    throw new StartupError(
      `The database has migrations this checkout does not know (${unknown.join(', ')}): start the version that made them, or a newer one.`,
    );
  }
}

async function applyAll(engine: MigrationEngine, migrationsList: MigrationList): Promise<readonly string[]> {
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
    return appliedMigrationNames;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const name = /migration_name="([^"]+)"/.exec(text)?.[1];
    if (name === undefined) throw error;
    // It was one transaction, so nothing of it stayed: the next run may try again.
    await engine.markMigrationRolledBack({ migrationName: name });
    const reason = /ERROR: (.*)/.exec(text)?.[1] ?? text.split('\n')[0];
    throw new StartupError(`Migration ${name} failed and was undone: ${reason}`, { cause: error });
  }
}

/** The service's login role may not read `_prisma_migrations`; a comment on a table everyone may read. */
async function recordNewest(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ readonly newest: string | null }>(
    'select max(migration_name) as newest from public._prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  await owner.query(`comment on table public._prisma_migrations is ${pg.escapeLiteral(rows[0]?.newest ?? '')}`);
}
