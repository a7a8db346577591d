import type { Scope } from '../../store/scope.ts';
import type { CallerDomain } from '../caller-domain.ts';
import { DOMAIN_COLUMNS, type TenantDomain } from './tenant-domain.ts';

const OF_TENANTS = `select ${DOMAIN_COLUMNS} from tenant_domains d where d.tenant_id = any($1::uuid[])`;
const OF_TENANT = { name: 'load-domains-of-tenant', text: `${OF_TENANTS} and d.tenant_id = $2 order by d.id` };
const OF_MEMBER = {
  name: 'load-domains-of-member',
  text: `${OF_TENANTS} and d.tenant_id in (select m.tenant_id from memberships m where m.user_id = $2) order by d.id`,
};
const ANY = { name: 'load-domains', text: `${OF_TENANTS} order by d.id` };

/** The domains of tenants, as far as the scope reaches, oldest first. */
export function loadTenantDomains(
  { database }: Pick<CallerDomain, 'database'>,
  scope: Scope,
  tenantIds: readonly string[],
): Promise<TenantDomain[]> {
  if (scope.reach === 'TENANT') return database.query<TenantDomain>(scope, OF_TENANT, [tenantIds, scope.tenantId]);
  if (scope.reach === 'SELF') return database.query<TenantDomain>(scope, OF_MEMBER, [tenantIds, scope.userId]);
  return database.query<TenantDomain>(scope, ANY, [tenantIds]);
}
