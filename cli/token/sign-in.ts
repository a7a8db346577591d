import { z } from 'zod';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { createPoolClient, startSession, switchTenant } from '../../local/seed/pool-users.ts';
import { toPoolPort } from '../../local/stand-ins.ts';
import type { Config } from '../../src/config.ts';

/** The options of a command that signs in, for `parseArgs`. */
export const SIGN_IN_OPTIONS = {
  password: { type: 'string', default: DEMO_PASSWORD },
  tenant: { type: 'string' },
} as const;

export type SignIn = {
  readonly email: string;
  readonly password: string;
  /** The slug of the tenant the token is to speak for; undefined for the user's default. */
  readonly tenant: string | undefined;
};

const Memberships = z.object({
  data: z.object({
    viewer: z.object({ memberships: z.array(z.object({ tenant: z.object({ id: z.string(), slug: z.string() }) })) }),
  }),
});

/** An access token, by a sign-in at the local user pool of the product that runs on PORT. */
export async function signInLocally(config: Config, { email, password, tenant }: SignIn): Promise<string> {
  const pool = createPoolClient(`http://127.0.0.1:${toPoolPort(config)}`);
  const { accessToken, refreshToken } = await startSession(pool, email, password);
  if (tenant === undefined) return accessToken;
  return switchTenant(pool, refreshToken, await findTenantId(config.PORT, accessToken, tenant));
}

/** What went wrong, in a line that says what to do. */
export function toSignInMessage(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') {
    return 'No product with a local user pool answers. Start it with "npm start", or set PORT to the one it has.';
  }
  return error instanceof Error ? error.message : String(error);
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
