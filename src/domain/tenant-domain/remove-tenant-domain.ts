import { z } from 'zod';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { assertStillMember } from '../membership/index.ts';
import { parse, RowId } from '../parse.ts';
import { domainEvent } from './domain-event.ts';
import { getTenantDomain } from './get-tenant-domain.ts';
import type { TenantDomain } from './tenant-domain.ts';

const RemoveTenantDomain = z.object({ id: RowId });

/**
 * Gives a domain up, and returns it as it was: another tenant may verify it from then on. Who joined by it stays. Throws
 * NOT_FOUND, FORBIDDEN, TENANT_SUSPENDED.
 */
export async function removeTenantDomain(
  ctx: DomainContext,
  raw: z.input<typeof RemoveTenantDomain>,
): Promise<TenantDomain> {
  authorize(ctx, 'removeTenantDomain');
  const { id } = parse(RemoveTenantDomain, raw);
  const scope = tenantScope(ctx);
  const { tenantId } = scope;
  const domain = await getTenantDomain(ctx, id);
  await ctx.database.transaction(scope, async (tx) => {
    await lockActiveTenant(tx, tenantId, 'update');
    await assertStillMember(tx, ctx, tenantId);
    const { count } = await tx.tenantDomain.deleteMany({ where: { tenantId, id } });
    if (count === 1) await audit(tx, ctx, domainEvent('domain.remove', domain));
  });
  return domain;
}
