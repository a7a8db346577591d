import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, selfScope } from '../context.ts';
import { parse, RowId } from '../parse.ts';
import { findOwnMembershipIn } from './find-own-membership.ts';
import type { Membership } from './membership.ts';

const SwitchTenant = z.object({ tenantId: RowId });

/**
 * Makes one of the caller's tenants the one his next sign-in begins in, and returns his membership there. The session he
 * calls with stays where it is until it refreshes with the tenant in ClientMetadata; his other sessions stay where they are.
 * Throws NOT_FOUND where he is no member.
 */
export async function switchTenant(ctx: DomainContext, raw: z.input<typeof SwitchTenant>): Promise<Membership> {
  authorize(ctx, 'switchTenant');
  const { tenantId } = parse(SwitchTenant, raw);
  const scope = selfScope(ctx);
  const membership = await findOwnMembershipIn(ctx, tenantId);
  if (scope === null || membership === null) throw notFound(`tenant ${tenantId}: the caller is no member`);
  await ctx.database.transaction(scope, async (tx) => {
    await tx.user.updateMany({ where: { id: scope.userId }, data: { defaultTenantId: tenantId } });
    await audit(tx, ctx, {
      action: 'user.switch-tenant',
      tenantId: null,
      targetType: 'User',
      targetId: scope.userId,
      changes: { defaultTenantId: tenantId },
    });
  });
  return membership;
}
