import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { v7 as uuidv7 } from 'uuid';
import { toSearchKey } from '../../src/domain/search.ts';
import { toPoolProfile, upsertProfile } from '../../src/domain/user/index.ts';
import type { Database, Transaction } from '../../src/store/database.ts';
import { SYSTEM } from '../../src/store/scope.ts';
import { LOCAL_POOL } from '../user-pool/constants.ts';
import { DEMO_TENANTS, DEMO_USERS, type DemoTenant, type DemoUser } from './demo.ts';
import { createDemoUser, findSub } from './pool-users.ts';

type SeedOptions = { readonly pool: CognitoIdentityProviderClient; readonly database: Database };

/** True until the demo users are in the pool: whatever a developer then does to their tenants is left alone. */
export async function needsSeed(pool: CognitoIdentityProviderClient): Promise<boolean> {
  const subs = await Promise.all(DEMO_USERS.map(({ email }) => findSub(pool, email)));
  return subs.includes(null);
}

/** Makes what is missing of the demo users, tenants and memberships; changes nothing that is there. */
export async function seed({ pool, database }: SeedOptions): Promise<void> {
  for (const user of DEMO_USERS) {
    const sub = (await findSub(pool, user.email)) ?? (await createDemoUser(pool, user));
    await database.transaction(SYSTEM, (tx) => seedUser(tx, sub, user));
  }
}

async function seedUser(tx: Transaction, sub: string, { email, displayName, roles }: DemoUser): Promise<void> {
  const attributes = { sub, email, name: displayName };
  await upsertProfile(tx, toPoolProfile(LOCAL_POOL.poolId, { username: sub, attributes }), 'NONE');
  for (const [slug, role] of Object.entries(roles)) {
    const tenantId = await obtainTenant(tx, slug as DemoTenant);
    const data = [{ tenantId, userId: sub, role, emailKey: toSearchKey(email) }];
    const { count } = await tx.membership.createMany({ data, skipDuplicates: true });
    await tx.tenant.update({ where: { id: tenantId }, data: { memberCount: { increment: count } } });
  }
}

async function obtainTenant(tx: Transaction, slug: DemoTenant): Promise<string> {
  const known = await tx.tenant.findUnique({ where: { slug } });
  return known?.id ?? (await tx.tenant.create({ data: { id: uuidv7(), slug, name: DEMO_TENANTS[slug] } })).id;
}
