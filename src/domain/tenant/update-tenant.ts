import { z } from 'zod';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { HumanName } from '../human-name.ts';
import { parse } from '../parse.ts';
import { getTenant } from './get-tenant.ts';
import { openTenant, scopeToChange } from './open-tenant.ts';
import type { Tenant } from './tenant.ts';
import { tenantEvent } from './tenant-event.ts';

const UpdateTenant = z.object({ tenantId: z.string().nullish(), name: HumanName('The name') });

/** Gives a tenant another name. Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, TENANT_SUSPENDED. */
export async function updateTenant(ctx: DomainContext, raw: z.input<typeof UpdateTenant>): Promise<Tenant> {
  authorize(ctx, 'updateTenant');
  const { tenantId, name } = parse(UpdateTenant, raw);
  const scope = scopeToChange(ctx, tenantId);
  await ctx.database.transaction(scope, async (tx) => {
    const before = await openTenant(tx, ctx, scope.tenantId);
    if (before.name === name) return;
    await tx.tenant.updateMany({ where: { id: scope.tenantId }, data: { name } });
    await audit(tx, ctx, tenantEvent('tenant.update', scope.tenantId, { name: [before.name, name] }));
  });
  return getTenant(ctx, scope.tenantId);
}
