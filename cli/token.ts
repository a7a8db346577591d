import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DEMO_PASSWORD } from '../local/seed/demo.ts';
import { createPoolClient, startSession, switchTenant } from '../local/seed/pool-users.ts';
import { toPoolPort } from '../local/stand-ins.ts';
import { readConfig } from '../src/config.ts';

const USAGE = `npm run -s token -- <email> [--tenant <slug>] [--password <password>]

Signs in at the local user pool of the product that runs on PORT (4000), and prints the access token alone.
Without --tenant it speaks for the user's default tenant; without --password the demo users' one is taken.`;

const Memberships = z.object({
  data: z.object({
    viewer: z.object({ memberships: z.array(z.object({ tenant: z.object({ id: z.string(), slug: z.string() }) })) }),
  }),
});

async function token(email: string, password: string, slug: string | undefined): Promise<string> {
  const config = readConfig(process.env);
  const pool = createPoolClient(`http://127.0.0.1:${toPoolPort(config)}`);
  const { accessToken, refreshToken } = await startSession(pool, email, password);
  if (slug === undefined) return accessToken;
  return switchTenant(pool, refreshToken, await findTenantId(config.PORT, accessToken, slug));
}

async function findTenantId(port: number, accessToken: string, slug: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: '{ viewer { memberships { tenant { id slug } } } }' }),
  });
  const tenants = Memberships.parse(await response.json()).data.viewer.memberships.map(({ tenant }) => tenant);
  const wanted = tenants.find((tenant) => tenant.slug === slug);
  if (wanted) return wanted.id;
  throw new Error(
    `Not a member of ${slug}; the tenants are: ${tenants.map((tenant) => tenant.slug).join(', ') || 'none'}.`,
  );
}

function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') {
    return 'No product with a local user pool answers. Start it with "npm start", or set PORT to the one it has.';
  }
  return error instanceof Error ? error.message : String(error);
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      password: { type: 'string', default: DEMO_PASSWORD },
      tenant: { type: 'string' },
    },
  });
  const [email] = positionals;
  if (values.help) console.log(USAGE);
  else if (email === undefined) throw new Error(USAGE);
  else console.log(await token(email, values.password, values.tenant));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
