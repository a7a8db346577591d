/**
 * The rows a statement may touch, as PostgreSQL enforces them: each reach is a role with its own row policies
 * (prisma/migrations). TENANT: rows of `tenantId`. SELF: rows of the memberships of `userId`. PLATFORM: every row, to
 * read. SYSTEM: triggers and jobs.
 */
export type Scope =
  | { readonly reach: 'TENANT'; readonly tenantId: string; readonly userId: string | null }
  | { readonly reach: 'SELF'; readonly tenantId: null; readonly userId: string }
  | { readonly reach: 'PLATFORM'; readonly tenantId: null; readonly userId: string | null }
  | { readonly reach: 'SYSTEM'; readonly tenantId: null; readonly userId: null };

export type Reach = Scope['reach'];

export const SYSTEM: Scope = Object.freeze({ reach: 'SYSTEM', tenantId: null, userId: null });

const ROLES: Readonly<Record<Reach, string>> = {
  TENANT: 'tenantry_tenant',
  SELF: 'tenantry_self',
  PLATFORM: 'tenantry_platform',
  SYSTEM: 'tenantry_system',
};

/** The role of every reach; the login role must be able to put on each and must inherit none. */
export const REACH_ROLES: readonly string[] = Object.values(ROLES);

/**
 * Sets role, tenant, caller and time limit until the transaction ends; `$1..$4` are what `toScopeSettings` gives. The limit
 * goes here and not into the connection's start, where a pooler in transaction mode would refuse it.
 */
export const SET_SCOPE = `select set_config('role', $1, true), set_config('app.tenant_id', $2, true),
  set_config('app.user_id', $3, true), set_config('statement_timeout', $4, true)`;

/**
 * The same for a transaction of several statements. Should its client vanish between two of them, the server undoes it
 * after the same time: it would keep its locks for as long as TCP believes in the client.
 */
export const SET_TRANSACTION_SCOPE = `${SET_SCOPE}, set_config('idle_in_transaction_session_timeout', $4, true)`;

export function toScopeSettings(
  scope: Scope,
  statementTimeoutMs: number,
): readonly [role: string, tenantId: string, userId: string, statementTimeout: string] {
  return [ROLES[scope.reach], scope.tenantId ?? '', scope.userId ?? '', String(statementTimeoutMs)];
}
