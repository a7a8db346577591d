import type { MembershipRole } from '../../generated/prisma/enums.ts';
import type { Database } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import { isRowId } from '../parse.ts';

export type TokenMembership = { readonly tenantId: string; readonly role: MembershipRole; readonly version: number };

// The wanted tenant first, then the user's default, then the oldest membership; one that is being deleted, unless wanted,
// after all others. Only the user's own rows take part.
const CHOOSE = {
  name: 'find-token-membership',
  text: `select m.tenant_id as "tenantId", m.role, m.version from memberships m
      join users u on u.id = m.user_id join tenants t on t.id = m.tenant_id
    where m.user_id = $1::uuid
    order by m.tenant_id = $2::uuid desc nulls last, t.status <> 'DELETING' desc,
      m.tenant_id = u.default_tenant_id desc nulls last, m.id limit 1`,
};

/** The membership a user's next token speaks for. A wanted tenant the user does not belong to changes nothing. */
export async function findTokenMembership(
  { database }: { readonly database: Database },
  userId: string,
  wantedTenantId: string | null,
): Promise<TokenMembership | null> {
  const wanted = wantedTenantId !== null && isRowId(wantedTenantId) ? wantedTenantId : null;
  const [membership] = await database.query<TokenMembership>(SYSTEM, CHOOSE, [userId, wanted]);
  return membership ?? null;
}
