import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../src/config.ts';
import { StartupError } from '../src/errors.ts';
import { toMigrationFolders } from '../src/modules/join-modules.ts';
import { loadModules } from '../src/modules/load-modules.ts';
import { grantReach, migrate, toLogin } from '../src/store/migrate.ts';

const USAGE = `npm run migrate

Applies the migrations in prisma/migrations, and those of modules, and lets the service's login role put on its reaches.

  DATABASE_OWNER_URL  signs in as the owner of the database: a superuser, or a role with CREATEROLE. Not through a pooler.
  DATABASE_URL        the service's own login role, created with this password when it is absent.
  MODULES             folders of nouns of your own, the same as for the service.

Without DATABASE_URL the service keeps an embedded database, and migrates that itself at every start.`;

async function run({ DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl, MODULES }: Config): Promise<void> {
  if (!ownerUrl || !appUrl) {
    throw new StartupError('Set DATABASE_OWNER_URL and DATABASE_URL; "npm run migrate -- --help" says what they are.');
  }
  const login = toLogin(appUrl);
  const { applied } = await migrate({ ownerUrl, folders: toMigrationFolders(await loadModules(MODULES)) });
  for (const name of applied) console.log(`applied ${name}`);
  if (applied.length === 0) console.log('nothing to apply');
  await grantReach({ ownerUrl, login });
  console.log(`${login.name} is ready to be the service's login role`);
}

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) console.log(USAGE);
  else await run(readConfig(process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
