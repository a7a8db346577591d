import { parseArgs } from 'node:util';
import { readRunning } from '../local/running.ts';
import { createPoolClient } from '../local/seed/pool-users.ts';
import { seed } from '../local/seed/seed.ts';
import { readConfig } from '../src/config.ts';
import { createDatabase } from '../src/store/database.ts';

const USAGE = `npm run seed

Puts back what is missing of the demo users, tenants and memberships in the product that runs with a local user pool.
What is there stays as it is. The product does this by itself at its first start.`;

async function run(): Promise<void> {
  const { poolEndpoint, databaseUrl } = readRunning(readConfig(process.env).LOCAL_DIR);
  const pool = createPoolClient(poolEndpoint);
  const database = createDatabase({ url: databaseUrl, poolSize: 1, preparedStatements: false });
  try {
    await seed({ pool, database });
  } finally {
    await database.close();
    pool.destroy();
  }
  console.log('The demo users, tenants and memberships are there.');
}

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) console.log(USAGE);
  else await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
