import type { Scope } from '../../store/scope.ts';
import type { CallerDomain } from '../caller-domain.ts';
import { USER_COLUMNS, type User } from './user.ts';

const IN_TENANT = {
  name: 'load-users-of-tenant',
  text: `select ${USER_COLUMNS} from users u join memberships m on m.user_id = u.id and m.tenant_id = $2 where u.id = any($1::uuid[])`,
};
const OWN = {
  name: 'load-own-user',
  text: `select ${USER_COLUMNS} from users u where u.id = any($1::uuid[]) and u.id = $2`,
};
const ANY = { name: 'load-users', text: `select ${USER_COLUMNS} from users u where u.id = any($1::uuid[])` };

/** Profiles by id, as far as the scope reaches, in no order. */
export function loadUsers(
  { database }: Pick<CallerDomain, 'database'>,
  scope: Scope,
  ids: readonly string[],
): Promise<User[]> {
  if (scope.reach === 'TENANT') return database.query<User>(scope, IN_TENANT, [ids, scope.tenantId]);
  if (scope.reach === 'SELF') return database.query<User>(scope, OWN, [ids, scope.userId]);
  return database.query<User>(scope, ANY, [ids]);
}
