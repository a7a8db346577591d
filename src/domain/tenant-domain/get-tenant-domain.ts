import { notFound } from '../../errors.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { DOMAIN_COLUMNS, type TenantDomain } from './tenant-domain.ts';

const BY_ID = {
  name: 'get-tenant-domain',
  text: `select ${DOMAIN_COLUMNS} from tenant_domains d where d.tenant_id = $1 and d.id = $2`,
};

/** One domain of the caller's tenant. Throws NOT_FOUND, also for another tenant's. */
export async function getTenantDomain(ctx: DomainContext, id: string): Promise<TenantDomain> {
  const scope = tenantScope(ctx);
  const [domain] = await ctx.database.query<TenantDomain>(scope, BY_ID, [scope.tenantId, id]);
  if (domain === undefined) throw notFound(`domain ${id}: none in tenant ${scope.tenantId}`);
  return domain;
}
