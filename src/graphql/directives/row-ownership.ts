import { isPlatformStaff } from '../../access/decide.ts';
import type { TypeAccess } from '../../access/plan.ts';
import type { Principal } from '../../identity/principal.ts';
import type { Reach, Scope } from '../../store/scope.ts';
import { stampOf } from '../../store/stamp.ts';

/** Why a row is held back. A row that nobody can be shown to own is a fault of ours, a foreign one a leak stopped. */
export type Objection = { readonly fault: boolean; readonly reason: string };

/**
 * Checks a row of a `@tenantScoped` type against the caller and the reach its field allows; null lets it through.
 * The row says itself under which reach it was read; without that stamp it must belong to the caller's tenant.
 */
export function findObjection(
  row: unknown,
  { name, ownerField }: TypeAccess & { readonly ownerField: string },
  allowed: Reach,
  principal: Principal | null,
): Objection | null {
  const owner = ownerOf(row, ownerField);
  if (typeof row !== 'object' || row === null || owner === null) {
    return { fault: true, reason: `a ${name} has no ${ownerField} of its own` };
  }
  if (principal && mayHold(owner, stampOf(row), allowed, principal)) return null;
  const read = stampOf(row)?.reach ?? 'no known reach';
  return { fault: false, reason: `a ${name} of tenant ${owner}, read under ${read}, where ${allowed} is allowed` };
}

function mayHold(owner: string, stamp: Scope | undefined, allowed: Reach, principal: Principal): boolean {
  switch (stamp?.reach) {
    case undefined:
      return owner === principal.tenantId;
    case 'TENANT':
      return owner === principal.tenantId && stamp?.tenantId === principal.tenantId;
    case 'SELF':
      // PLATFORM is wider than SELF, whoever calls: nobody needs to be staff to see their own membership.
      return (allowed === 'SELF' || allowed === 'PLATFORM') && stamp?.userId === principal.subject;
    case 'PLATFORM':
      return allowed === 'PLATFORM' && isPlatformStaff(principal);
    default:
      return false;
  }
}

// An inherited owner would speak for every row with that prototype.
function ownerOf(row: unknown, ownerField: string): string | null {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, ownerField)) return null;
  const owner = (row as Readonly<Record<string, unknown>>)[ownerField];
  return typeof owner === 'string' && owner !== '' ? owner : null;
}
