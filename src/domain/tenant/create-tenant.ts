import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { badUserInput, conflict } from '../../errors.ts';
import { isForeignKeyViolation, isUniqueViolation } from '../../store/store-error.ts';
import { audit } from '../audit.ts';
import { authorize, isAllowed } from '../authorize.ts';
import { type DomainContext, platformScope, scopeOfTenant, selfScope } from '../context.ts';
import { HumanName } from '../human-name.ts';
import { isRowId, parse } from '../parse.ts';
import { toSearchKey } from '../search.ts';
import { findOwnProfile, loadUsers, type User } from '../user/index.ts';
import { findOwnedTenant } from './find-owned-tenant.ts';
import type { Tenant } from './tenant.ts';

const SLUG_RULE = 'The slug must have 3 to 40 characters: a to z, 0 to 9, and single dashes between them.';

const NO_OWNER = 'There is no such user to own the tenant.';

const CreateTenant = z.object({
  name: HumanName('The name'),
  slug: z
    .string()
    .min(3, SLUG_RULE)
    .max(40, SLUG_RULE)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, SLUG_RULE),
  ownerUserId: z.string().nullish(),
});

/**
 * Makes a tenant with the caller as its owner; platform staff may name another owner. Asked for once more, as after an
 * answer that was lost, it makes no second one. Throws BAD_USER_INPUT, CONFLICT (the slug is taken), FORBIDDEN
 * (`ownerUserId` from anyone else).
 */
export async function createTenant(ctx: DomainContext, raw: z.input<typeof CreateTenant>): Promise<Tenant> {
  authorize(ctx, 'createTenant');
  const { ownerUserId, name, slug } = parse(CreateTenant, raw);
  if (ownerUserId != null) authorize(ctx, 'createTenantForOther');
  const owner = ownerUserId == null ? await findOwnProfile(ctx) : await findOwner(ctx, ownerUserId);
  if (owner === null) throw badUserInput(NO_OWNER);

  try {
    await insertTenant(ctx, { id: uuidv7(), name, slug }, owner);
  } catch (error) {
    if (isForeignKeyViolation(error)) throw badUserInput(NO_OWNER);
    if (!isUniqueViolation(error)) throw error;
  }
  // Read back as the caller may see it: an owner through the new membership, platform staff across tenants.
  const own = owner.id === ctx.principal.subject ? selfScope(ctx) : null;
  const tenant = await findOwnedTenant(ctx, own ?? platformScope(ctx), { slug, name }, owner.id);
  if (tenant === null) throw conflict('That slug is taken.');
  return tenant;
}

// The scope is that of the tenant about to be: nothing else can be written by this transaction.
function insertTenant(
  ctx: DomainContext,
  tenant: { id: string; name: string; slug: string },
  owner: User,
): Promise<void> {
  return ctx.database.transaction(scopeOfTenant(ctx, tenant.id), async (tx) => {
    await tx.tenant.create({ data: { ...tenant, memberCount: 1 } });
    await tx.membership.create({
      data: { tenantId: tenant.id, userId: owner.id, role: 'OWNER', emailKey: toSearchKey(owner.email ?? '') },
    });
    await audit(tx, ctx, {
      action: 'tenant.create',
      tenantId: tenant.id,
      targetType: 'Tenant',
      targetId: tenant.id,
      changes: { slug: tenant.slug, ownerId: owner.id },
    });
  });
}

async function findOwner(ctx: DomainContext, userId: string): Promise<User | null> {
  if (!isRowId(userId) || !isAllowed(ctx.principal, 'listUsers')) return null;
  return (await loadUsers(ctx, platformScope(ctx), [userId]))[0] ?? null;
}
