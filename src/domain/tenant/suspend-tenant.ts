import { z } from 'zod';
import { conflict } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { parse } from '../parse.ts';
import { getTenant } from './get-tenant.ts';
import { openTenant, scopeToChange } from './open-tenant.ts';
import type { Tenant } from './tenant.ts';
import { tenantEvent } from './tenant-event.ts';

const SuspendTenant = z.object({ tenantId: z.string() });

/** Shuts a tenant until it is resumed; one that is shut already stays so. Throws NOT_FOUND, CONFLICT (it is being deleted). */
export async function suspendTenant(ctx: DomainContext, raw: z.input<typeof SuspendTenant>): Promise<Tenant> {
  authorize(ctx, 'suspendTenant');
  const scope = scopeToChange(ctx, parse(SuspendTenant, raw).tenantId);
  await ctx.database.transaction(scope, async (tx) => {
    const { status } = await openTenant(tx, ctx, scope.tenantId);
    if (status === 'SUSPENDED') return;
    if (status === 'DELETING') throw conflict('This tenant is being deleted, and is shut already.');
    await tx.tenant.updateMany({ where: { id: scope.tenantId }, data: { status: 'SUSPENDED' } });
    await audit(tx, ctx, tenantEvent('tenant.suspend', scope.tenantId, { status: [status, 'SUSPENDED'] }));
  });
  return getTenant(ctx, scope.tenantId);
}
