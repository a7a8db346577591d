import { isPlatformStaff } from '../../access/decide.ts';
import type { TypeAccess } from '../../access/plan.ts';
import type { Principal } from '../../identity/principal.ts';
import type { Reach, Scope } from '../../store/scope.ts';
import { stampOf } from '../../store/stamp.ts';

/** Why a row is held back. A row that nobody can be shown to own is a fault of ours, a foreign one a leak stopped. */
export type Objection = { readonly fault: boolean; readonly reason: string };

/**
 * Checks a row against the caller and the reach its field allows; null lets it through. The row says itself under which
 * reach it was read. Without that stamp a row of a `@tenantScoped` type must belong to the caller's tenant; of any other
 * type it did not come from the store, and is nobody's row.
 */
export function findObjection(
  row: unknown,
  { name, ownerField }: TypeAccess,
  allowed: Reach,
  principal: Principal | null,
): Objection | null {
  const scope = scopeReadUnder(row);
  if (ownerField === null) {
    if (scope === undefined || (principal && mayRead(scope, allowed, principal))) return null;
    return { fault: false, reason: `a ${name} read under ${scope.reach}, where ${allowed} is allowed` };
  }
  const owner = ownerOf(row, ownerField);
  if (owner === null) return { fault: true, reason: `a ${name} has no ${ownerField} of its own` };
  if (principal && mayHold(owner, scope, allowed, principal)) return null;
  const read = scope?.reach ?? 'no known reach';
  return { fault: false, reason: `a ${name} of tenant ${owner}, read under ${read}, where ${allowed} is allowed` };
}

function mayHold(owner: string, scope: Scope | undefined, allowed: Reach, principal: Principal): boolean {
  const isOwn = owner === principal.tenantId;
  if (scope === undefined) return isOwn;
  return mayRead(scope, allowed, principal) && (isOwn || scope.reach !== 'TENANT');
}

/** Whether a row read under this scope may be handed to the caller, where its field allows that reach. */
function mayRead(scope: Scope, allowed: Reach, principal: Principal): boolean {
  switch (scope.reach) {
    case 'TENANT':
      return scope.tenantId === principal.tenantId;
    case 'SELF':
      // PLATFORM is wider than SELF, whoever calls: nobody needs to be staff to see their own membership.
      return (allowed === 'SELF' || allowed === 'PLATFORM') && scope.userId === principal.subject;
    case 'PLATFORM':
      return allowed === 'PLATFORM' && isPlatformStaff(principal);
    default:
      return false;
  }
}

/** The owning tenant's id; null where the row has none. An inherited one would speak for every row with that prototype. */
export function ownerOf(row: unknown, ownerField: string): string | null {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, ownerField)) return null;
  const owner = (row as Readonly<Record<string, unknown>>)[ownerField];
  return typeof owner === 'string' && owner !== '' ? owner : null;
}

/** The scope the store read it under; undefined for what did not come from there. */
export function scopeReadUnder(row: unknown): Scope | undefined {
  return typeof row === 'object' && row !== null ? stampOf(row) : undefined;
}
