import { randomUUID } from 'node:crypto';
import { ConfirmSignUpCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { v7 as uuidv7 } from 'uuid';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import type { MembershipRole } from '../../src/identity/principal.ts';
import type { Product } from './product.ts';

export type Person = { readonly sub: string; readonly email: string; readonly token: string };
export type Member = Person & { readonly membershipId: string; readonly tenantId: string };

/** An access token's claims, as the pool makes them for a user who signed in just now. */
export function toUserClaims({ pool }: Product, sub: string, claims: object = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub,
    username: sub,
    iss: pool.issuer,
    client_id: pool.clientId,
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    origin_jti: randomUUID(),
    jti: randomUUID(),
    auth_time: now,
    iat: now,
    exp: now + 3600,
    'cognito:groups': ['Users'],
    ...claims,
  };
}

/** The same for client_credentials: no username, the client as subject. */
export function toMachineClaims(product: Product, claims: object = {}): Record<string, unknown> {
  const { clientId } = product.pool;
  const { username: _, origin_jti: __, 'cognito:groups': ___, ...rest } = toUserClaims(product, clientId);
  return { ...rest, ...claims };
}

/** A tenant nobody belongs to yet. */
export async function addTenant(
  { sql }: Pick<Product, 'sql'>,
  slug = `t-${randomUUID().slice(0, 8)}`,
): Promise<string> {
  const id = uuidv7();
  await sql('insert into tenants (id, slug, name) values ($1, $2, $2)', [id, slug]);
  return id;
}

/** A user with a profile and no tenant, signed in. */
export async function addUser(product: Product, email = `u-${randomUUID().slice(0, 8)}@acme.test`): Promise<Person> {
  const sub = randomUUID();
  await product.sql(
    `insert into users (id, pool_id, username, email, email_key, display_name) values ($1, $2, $3, $4, $5, $6)`,
    [sub, product.pool.poolId, sub, email, email, 'Somebody'],
  );
  return { sub, email, token: await product.pool.signToken(toUserClaims(product, sub)) };
}

/**
 * A user who signed up at the pool with DEMO_PASSWORD and confirmed the address by a code. The user has a profile, the
 * default group and no tenant; `product.tokenOf` signs them in.
 */
export async function signUpUser(
  { sdk, pool }: Product,
  email = `p-${randomUUID().slice(0, 8)}@acme.test`,
): Promise<Pick<Person, 'sub' | 'email'>> {
  const user = { ClientId: pool.clientId, Username: email };
  const { UserSub } = await sdk.send(new SignUpCommand({ ...user, Password: DEMO_PASSWORD }));
  const [mail] = pool.mailbox.list(email);
  await sdk.send(new ConfirmSignUpCommand({ ...user, ConfirmationCode: mail?.code ?? '' }));
  if (UserSub === undefined) throw new Error(`${email} did not sign up`);
  return { sub: UserSub, email };
}

/** A new user in a tenant, with a token that speaks for it. */
export async function addMember(
  product: Product,
  tenantId: string,
  role: MembershipRole,
  email?: string,
): Promise<Member> {
  const user = await addUser(product, email);
  const membershipId = await addMembership(product, user, tenantId, role);
  const claims = toUserClaims(product, user.sub, { tenant_id: tenantId, tenant_role: role });
  return { ...user, membershipId, tenantId, token: await product.pool.signToken(claims) };
}

/** Gives a user a place in one more tenant, and returns its id. */
export async function addMembership(
  { sql }: Pick<Product, 'sql'>,
  { sub, email }: Pick<Person, 'sub' | 'email'>,
  tenantId: string,
  role: MembershipRole,
): Promise<string> {
  const id = uuidv7();
  await sql(
    `with joined as (insert into memberships (id, tenant_id, user_id, role, email_key) values ($1, $2, $3, $4, $5))
     update tenants set member_count = member_count + 1 where id = $2`,
    [id, tenantId, sub, role, email],
  );
  return id;
}

/** The ids the seed gave to a demo user's place in a tenant. */
export async function idsOf({ sql }: Product, email: string, slug: string) {
  const [ids] = await sql<{ readonly sub: string; readonly membershipId: string; readonly tenantId: string }>(
    `select u.id as sub, m.id as "membershipId", t.id as "tenantId"
     from users u join memberships m on m.user_id = u.id join tenants t on t.id = m.tenant_id
     where u.email = $1 and t.slug = $2`,
    [email, slug],
  );
  if (ids === undefined) throw new Error(`${email} is no member of ${slug}`);
  return ids;
}
