import type { Scope } from '../../store/scope.ts';
import type { CallerDomain } from '../caller-domain.ts';
import { TENANT_COLUMNS, type Tenant } from './tenant.ts';

const OF_TENANT = {
  name: 'load-own-tenant',
  text: `select ${TENANT_COLUMNS} from tenants t where t.id = any($1::uuid[]) and t.id = $2`,
};
const OF_MEMBER = {
  name: 'load-tenants-of-member',
  text: `select ${TENANT_COLUMNS} from tenants t join memberships m on m.tenant_id = t.id and m.user_id = $2 where t.id = any($1::uuid[])`,
};
const ANY = { name: 'load-tenants', text: `select ${TENANT_COLUMNS} from tenants t where t.id = any($1::uuid[])` };

/** Tenants by id, as far as the scope reaches, in no order. */
export function loadTenants(
  { database }: Pick<CallerDomain, 'database'>,
  scope: Scope,
  ids: readonly string[],
): Promise<Tenant[]> {
  if (scope.reach === 'TENANT') return database.query<Tenant>(scope, OF_TENANT, [ids, scope.tenantId]);
  if (scope.reach === 'SELF') return database.query<Tenant>(scope, OF_MEMBER, [ids, scope.userId]);
  return database.query<Tenant>(scope, ANY, [ids]);
}
