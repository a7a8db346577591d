import type { Principal } from '../identity/principal.ts';
import { decide, isPlatformStaff } from './decide.ts';
import type { AccessPlan, FieldAccess } from './plan.ts';
import { decideTenant, type FieldScope } from './tenant-scope.ts';

/**
 * What a caller is shown of a field: all there is (OPEN: nothing on the way says whose rows), rows within a reach, or
 * nothing before signing in again.
 */
export type View = 'OPEN' | 'PLATFORM' | 'TENANT' | 'SELF' | 'STEP_UP';

// Columns have no time of sign-in, so any instant will do.
const NOW = new Date(0);

/**
 * The view of a field for one who comes to its parent with the view `from`; null where he is refused. A tenant the
 * arguments can name is taken to be his own, and for who has none to be any other.
 */
export function toFieldView(
  plan: AccessPlan,
  { rule, scope, returns }: FieldAccess,
  from: View,
  principal: Principal | null,
): View | null {
  const decision = decide(rule, principal, NOW);
  if (!decision.allowed && decision.code !== 'STEP_UP_REQUIRED') return null;
  if (scope && !decideTenant(scope, toArguments(scope, principal), principal).allowed) return null;
  if (!decision.allowed || from === 'STEP_UP') return 'STEP_UP';
  const view = scope && principal ? toDeclaredView(scope, principal) : from;
  return view === 'OPEN' && returns.some((name) => holdsRows(plan, name)) ? 'TENANT' : view;
}

/** The view with which the caller comes to the objects of a type; null where there are none for him. */
export function toTypeView(plan: AccessPlan, typeName: string, view: View, principal: Principal | null): View | null {
  const rule = plan.type(typeName)?.rule;
  const decision = rule && decide(rule, principal, NOW);
  if (!decision || (view === 'TENANT' && principal?.tenantId === null)) return null;
  if (view === 'SELF' && principal?.kind === 'MACHINE') return null;
  if (decision.allowed) return view;
  return decision.code === 'STEP_UP_REQUIRED' ? 'STEP_UP' : null;
}

function toDeclaredView({ reach, argument }: FieldScope, principal: Principal): View {
  if (reach !== 'PLATFORM' || isPlatformStaff(principal)) return reach;
  // Without an argument nobody is asked for a tenant: what he is shown then is his own, as after createTenant.
  return argument === null && principal.kind === 'USER' ? 'SELF' : 'TENANT';
}

function toArguments({ argument }: FieldScope, principal: Principal | null): Readonly<Record<string, unknown>> {
  const [first = '', ...rest] = argument ?? [];
  const tenantId: unknown = principal?.tenantId ?? 'another-tenant';
  return { [first]: rest.reduceRight((value, key) => ({ [key]: value }), tenantId) };
}

/** Rows of a tenant, or a container of some: a page, a payload. */
function holdsRows(plan: AccessPlan, typeName: string, seen: ReadonlySet<string> = new Set()): boolean {
  const type = plan.type(typeName);
  if (!type || seen.has(typeName)) return false;
  if (!type.inherits) return type.ownerField !== null;
  const below = new Set([...seen, typeName]);
  return plan.fieldsOf(typeName).some(({ returns }) => returns.some((name) => holdsRows(plan, name, below)));
}
