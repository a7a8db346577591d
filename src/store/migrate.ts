import type { DiagnoseMigrationHistoryOutput, MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { StartupError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { type MigrationEngine, withEngine } from './migrations/engine.ts';
import { withOwner } from './migrations/owner.ts';
import { readMigrations } from './migrations/read-migrations.ts';

export { grantReach, type Login, toLogin } from './migrations/grant-reach.ts';

export type MigrateOptions = {
  /** As the owner of the database, not through a pooler. */
  readonly ownerUrl: string;
  /** Folders of migrations beside the checkout's own prisma/migrations: those of modules. */
  readonly folders?: readonly string[];
  readonly log?: Pick<Logger, 'info'>;
};

const NO_FILTER = { externalTables: [], externalEnums: [] };

/**
 * Applies every migration the database lacks, in the order of their names, and names those it applied. It leaves the
 * record that `prisma migrate` would. One that sorts before others long applied is applied all the same: the checkout and its
 * modules grow side by side. Several may run at once: they take turns. Each migration is one transaction. Throws
 * StartupError for one that fails, and for a database that has others.
 */
export async function migrate(options: MigrateOptions): Promise<{ readonly applied: readonly string[] }> {
  const migrationsList = await readMigrations(options.folders);
  let said: string | null = null;
  const migrateWith = (owner: pg.Client) => async (engine: MigrationEngine) => {
    const history = await engine.diagnoseMigrationHistory({
      migrationsList,
      optInToShadowDatabase: false,
      filters: NO_FILTER,
    });
    assertSameHistory(history);
    const applied = await applyAll(engine, migrationsList, () => said);
    await recordApplied(owner);
    options.log?.info({ applied }, 'database migrated');
    return { applied };
  };
  const hear = (sentence: string) => {
    said = sentence;
  };
  return withOwner(options.ownerUrl, (owner) => withEngine(options.ownerUrl, migrateWith(owner), hear));
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
      `Migration ${edited} was edited after it had been applied to this database: restore its file and write a new migration. On your own machine, deleting .local begins anew instead.`,
    );
  }
  const unknown = history !== null && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [];
  if (unknown.length > 0) {
    throw new StartupError(
      `The database has migrations nobody names (${unknown.join(', ')}): name the module they belong to again, or start the version that made them. A module is given up by its owner: drop its tables, and delete these from _prisma_migrations. On your own machine, deleting .local begins anew instead.`,
    );
  }
}

async function applyAll(
  engine: MigrationEngine,
  migrationsList: MigrationList,
  said: () => string | null,
): Promise<readonly string[]> {
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
    return appliedMigrationNames;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const name = /migration_name="([^"]+)"/.exec(text)?.[1];
    if (name === undefined) throw error;
    // It was one transaction, so nothing of it stayed: the next run may try again.
    await engine.markMigrationRolledBack({ migrationName: name });
    const reason = said() ?? text.split('\n')[0];
    throw new StartupError(`Migration ${name} failed and was undone: ${reason}`, { cause: error });
  }
}

/** The service's login role may not read `_prisma_migrations`; a comment on a table everyone may read. Newest first. */
async function recordApplied(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ readonly names: string | null }>(
    `select string_agg(migration_name, ' ' order by migration_name collate "C" desc) as names
     from public._prisma_migrations where finished_at is not null and rolled_back_at is null`,
  );
  await owner.query(`comment on table public._prisma_migrations is ${pg.escapeLiteral(rows[0]?.names ?? '')}`);
}
