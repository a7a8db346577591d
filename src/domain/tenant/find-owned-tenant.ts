import type { Scope } from '../../store/scope.ts';
import type { DomainContext } from '../context.ts';
import { TENANT_COLUMNS, type Tenant } from './tenant.ts';

const OWNED = {
  name: 'find-owned-tenant',
  text: `select ${TENANT_COLUMNS} from tenants t join memberships m on m.tenant_id = t.id and m.user_id = $3 and m.role = 'OWNER'
    where t.slug = $1 and t.name = $2 and t.status = 'ACTIVE'`,
};

/** A tenant in use of this slug and name that this user owns: what a creation that is asked for once more made before. */
export async function findOwnedTenant(
  { database }: Pick<DomainContext, 'database'>,
  scope: Scope,
  { slug, name }: Pick<Tenant, 'slug' | 'name'>,
  ownerId: string,
): Promise<Tenant | null> {
  const [tenant] = await database.query<Tenant>(scope, OWNED, [slug, name, ownerId]);
  return tenant ?? null;
}
