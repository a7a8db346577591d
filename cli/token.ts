import { parseArgs } from 'node:util';
import { DEMO_PASSWORD } from '../local/seed/demo.ts';
import { createPoolClient, signIn } from '../local/seed/pool-users.ts';
import { readConfig } from '../src/config.ts';

const USAGE = `npm run -s token -- <email> [--password <password>]

Signs in at the local user pool of the product that runs on PORT (4000), and prints the access token alone.
Without --password it is that of the demo users.`;

async function token(email: string, password: string): Promise<string> {
  const { PORT, LOCAL_POOL_PORT } = readConfig(process.env);
  const endpoint = `http://127.0.0.1:${LOCAL_POOL_PORT ?? PORT + 1}`;
  try {
    return await signIn(createPoolClient(endpoint), email, password);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') {
      throw new Error(`No local user pool answers at ${endpoint}. Start the product with "npm start", or set PORT.`);
    }
    throw error;
  }
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' }, password: { type: 'string', default: DEMO_PASSWORD } },
  });
  const [email] = positionals;
  if (values.help) console.log(USAGE);
  else if (email === undefined) throw new Error(USAGE);
  else console.log(await token(email, values.password));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
