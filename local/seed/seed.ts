import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { v7 as uuidv7 } from 'uuid';
import { toSearchKey } from '../../src/domain/search.ts';
import { markConfirmed, toPoolProfile, upsertProfile } from '../../src/domain/user/index.ts';
import type { Database, Transaction } from '../../src/store/database.ts';
import { SYSTEM } from '../../src/store/scope.ts';
import { LOCAL_POOL } from '../user-pool/constants.ts';
import { DEMO_TENANTS, DEMO_USERS, type DemoTenant, type DemoUser } from './demo.ts';
import { createDemoUser, findSub } from './pool-users.ts';

type SeedOptions = { readonly pool: CognitoIdentityProviderClient; readonly database: Database };

/** True while demo users are missing from the pool or from the database, as at the first start of either. */
export async function needsSeed({ pool, database }: SeedOptions): Promise<boolean> {
  const subs = await Promise.all(DEMO_USERS.map(({ email }) => findSub(pool, email)));
  const ids = subs.filter((sub) => sub !== null);
  return database.transaction(
    SYSTEM,
    async (tx) => (await tx.user.count({ where: { id: { in: ids } } })) < subs.length,
  );
}

/** Makes what is missing of the demo users, tenants and memberships; changes nothing that is there. */
export async function seed({ pool, database }: SeedOptions): Promise<void> {
  for (const user of DEMO_USERS) {
    const sub = (await findSub(pool, user.email)) ?? (await createDemoUser(pool, user));
    await database.transaction(SYSTEM, (tx) => seedUser(tx, sub, user));
  }
}

async function seedUser(tx: Transaction, sub: string, { email, displayName, roles }: DemoUser): Promise<void> {
  await removeNamesakes(tx, sub, email);
  const attributes = { sub, email, name: displayName };
  // As if each had signed up, and sent a code back.
  await upsertProfile(tx, toPoolProfile(LOCAL_POOL.poolId, { username: sub, attributes }), 'CODE');
  await markConfirmed(tx, sub);
  for (const [slug, role] of Object.entries(roles)) {
    const tenantId = await obtainTenant(tx, slug as DemoTenant);
    const data = [{ tenantId, userId: sub, role, emailKey: toSearchKey(email) }];
    const { count } = await tx.membership.createMany({ data, skipDuplicates: true });
    await tx.tenant.update({ where: { id: tenantId }, data: { memberCount: { increment: count } } });
  }
}

// A pool begun anew gives the demo users new subs: who had their addresses in the pool before can never sign in again.
async function removeNamesakes(tx: Transaction, sub: string, email: string): Promise<void> {
  const gone = { poolId: LOCAL_POOL.poolId, email, NOT: { id: sub } };
  for (const { tenantId } of await tx.membership.findMany({ where: { user: gone } })) {
    await tx.tenant.update({ where: { id: tenantId }, data: { memberCount: { decrement: 1 } } });
  }
  await tx.membership.deleteMany({ where: { user: gone } });
  await tx.user.deleteMany({ where: gone });
}

async function obtainTenant(tx: Transaction, slug: DemoTenant): Promise<string> {
  const known = await tx.tenant.findUnique({ where: { slug } });
  return known?.id ?? (await tx.tenant.create({ data: { id: uuidv7(), slug, name: DEMO_TENANTS[slug] } })).id;
}
