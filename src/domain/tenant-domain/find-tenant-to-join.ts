import type { Database } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import { domainOf } from './email-domain.ts';

// Under SYSTEM: who would join belongs to no tenant yet, so no narrower reach leads there. It answers an id and nothing else.
const BY_DOMAIN = {
  name: 'find-tenant-to-join',
  text: `select t.id from tenant_domains d join tenants t on t.id = d.tenant_id
    where d.domain = $1 and d.verified_at is not null and t.join_by_domain and t.status = 'ACTIVE'`,
};

/**
 * The tenant that whoever has an address in this domain may join: one that has verified it, and lets people in by it. The
 * address itself must be proven by a code; who calls this sees to that.
 */
export async function findTenantToJoin(
  database: Pick<Database, 'query'>,
  email: string | null,
): Promise<string | null> {
  const domain = domainOf(email);
  if (domain === null) return null;
  const [tenant] = await database.query<{ readonly id: string }>(SYSTEM, BY_DOMAIN, [domain]);
  return tenant?.id ?? null;
}
