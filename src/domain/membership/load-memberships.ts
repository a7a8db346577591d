import type { Scope } from '../../store/scope.ts';
import type { CallerDomain } from '../caller-domain.ts';
import { MEMBERSHIP_COLUMNS, type Membership } from './membership.ts';

const OF_TENANT = {
  name: 'load-memberships-of-tenant',
  text: `select ${MEMBERSHIP_COLUMNS} from memberships m where m.id = any($1::uuid[]) and m.tenant_id = $2`,
};
const OF_USER = {
  name: 'load-own-memberships',
  text: `select ${MEMBERSHIP_COLUMNS} from memberships m where m.id = any($1::uuid[]) and m.user_id = $2`,
};

/** Memberships by id, as far as the scope reaches, in no order. Across tenants none: no key of the table leads there. */
export async function loadMemberships(
  { database }: Pick<CallerDomain, 'database'>,
  scope: Scope,
  ids: readonly string[],
): Promise<Membership[]> {
  if (scope.reach === 'TENANT') return database.query<Membership>(scope, OF_TENANT, [ids, scope.tenantId]);
  return scope.reach === 'SELF' ? database.query<Membership>(scope, OF_USER, [ids, scope.userId]) : [];
}
