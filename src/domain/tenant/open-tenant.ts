import { notFound } from '../../errors.ts';
import type { Tenant as TenantRow } from '../../generated/prisma/client.ts';
import type { Transaction } from '../../store/database.ts';
import { isAllowed } from '../authorize.ts';
import { type DomainContext, scopeOfTenant, tenantScope } from '../context.ts';
import { lockActiveTenant, lockTenant } from '../lock-tenant.ts';
import { assertStillMember } from '../membership/index.ts';
import { isRowId } from '../parse.ts';

type TenantScope = ReturnType<typeof scopeOfTenant>;

/** The tenant a mutation is about: that of the token, or for platform staff the one they name. Throws NOT_FOUND, TENANT_REQUIRED. */
export function scopeToChange(ctx: DomainContext, tenantId: string | null | undefined): TenantScope {
  if (tenantId == null || tenantId === ctx.principal.tenantId) return tenantScope(ctx);
  if (!isRowId(tenantId) || !isAllowed(ctx.principal, 'changeAnyTenant'))
    throw notFound(`tenant ${tenantId}: not the caller's`);
  return scopeOfTenant(ctx, tenantId);
}

/**
 * The tenant a verb is about to change, locked until the transaction ends. Platform staff may change one in any state;
 * everybody else one that is in use, and in which they still are what their token says. Throws NOT_FOUND, FORBIDDEN,
 * TENANT_SUSPENDED.
 */
export async function openTenant(tx: Transaction, ctx: DomainContext, tenantId: string): Promise<TenantRow> {
  if (isAllowed(ctx.principal, 'changeAnyTenant')) await lockTenant(tx, tenantId, 'update');
  else {
    await lockActiveTenant(tx, tenantId, 'update');
    await assertStillMember(tx, ctx, tenantId);
  }
  return tx.tenant.findFirstOrThrow({ where: { id: tenantId } });
}
