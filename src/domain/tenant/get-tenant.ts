import { notFound } from '../../errors.ts';
import { isAllowed } from '../authorize.ts';
import { type DomainContext, platformScope, tenantScope } from '../context.ts';
import { isRowId } from '../parse.ts';
import { loadTenants } from './load-tenants.ts';
import type { Tenant } from './tenant.ts';

/** The caller's tenant, or for platform staff the one by `id`. Throws NOT_FOUND, TENANT_REQUIRED. */
export async function getTenant(ctx: DomainContext, id: string | null | undefined): Promise<Tenant> {
  const mayReadAny = id != null && isAllowed(ctx.principal, 'readAnyTenant');
  const scope = mayReadAny ? platformScope(ctx) : tenantScope(ctx);
  const wanted = id ?? ctx.principal.tenantId ?? '';
  if (!isRowId(wanted)) throw notFound('tenant: not an id');
  const [tenant] = await loadTenants(ctx, scope, [wanted]);
  if (tenant === undefined) throw notFound(`tenant ${wanted}: none within ${scope.reach}`);
  return tenant;
}
