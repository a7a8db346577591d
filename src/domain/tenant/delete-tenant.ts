import { z } from 'zod';
import { badUserInput } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { parse } from '../parse.ts';
import { getTenant } from './get-tenant.ts';
import { openTenant, scopeToChange } from './open-tenant.ts';
import type { Tenant } from './tenant.ts';
import { tenantEvent } from './tenant-event.ts';

const GRACE_DAYS = 30;

const DeleteTenant = z.object({ tenantId: z.string().nullish(), confirmSlug: z.string() });

/**
 * The first of two steps: shuts the tenant, and marks it to be removed with all that is in it after thirty days
 * (jobs/purge-tenants.ts). Until then platform staff may resume it. Throws BAD_USER_INPUT (`confirmSlug` is not its slug),
 * NOT_FOUND, FORBIDDEN, TENANT_SUSPENDED.
 */
export async function deleteTenant(ctx: DomainContext, raw: z.input<typeof DeleteTenant>): Promise<Tenant> {
  authorize(ctx, 'deleteTenant');
  const { tenantId, confirmSlug } = parse(DeleteTenant, raw);
  const scope = scopeToChange(ctx, tenantId);
  await ctx.database.transaction(scope, async (tx) => {
    const { slug, status } = await openTenant(tx, ctx, scope.tenantId);
    if (slug !== confirmSlug) throw badUserInput('`confirmSlug` must be the slug of the tenant that goes.');
    if (status === 'DELETING') return;
    const purgeAfter = new Date(Date.now() + GRACE_DAYS * 24 * 3600 * 1000);
    await tx.tenant.updateMany({ where: { id: scope.tenantId }, data: { status: 'DELETING', purgeAfter } });
    await audit(tx, ctx, tenantEvent('tenant.delete', scope.tenantId, { status: [status, 'DELETING'] }));
  });
  return getTenant(ctx, scope.tenantId);
}
