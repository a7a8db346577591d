import type { Principal } from '../identity/principal.ts';
import { decide, isPlatformStaff } from './decide.ts';
import { toPrincipalElsewhere } from './decisions.ts';
import type { AccessPlan, FieldAccess, TypeAccess } from './plan.ts';
import type { Rule } from './rule.ts';
import { decideTenant, type FieldScope } from './tenant-scope.ts';

/**
 * What a caller is shown of a field: all there is (OPEN: nothing on the way says whose rows), rows within a reach, or
 * nothing before signing in again.
 */
export type View = 'OPEN' | 'PLATFORM' | 'TENANT' | 'SELF' | 'STEP_UP';

// Columns have no time of sign-in, so any instant will do.
const NOW = new Date(0);

/**
 * The view of a field for one who comes to its parent with the view `above`; null where he is refused. A tenant the
 * arguments can name is taken to be his own, and for who has none to be any other.
 */
export function toFieldView(
  plan: AccessPlan,
  { coordinate, rule, scope, returns }: FieldAccess,
  above: View,
  principal: Principal | null,
): View | null {
  const [typeName = ''] = coordinate.split('.');
  const from = toViewUnder(rule, plan.type(typeName), above, principal);
  if (from === null) return null;
  const decision = decide(rule, principal, NOW);
  if (!decision.allowed && decision.code !== 'STEP_UP_REQUIRED') return null;
  if (scope && !decideTenant(scope, toArguments(scope, principal), { principal, now: NOW, tenantRules: null }).allowed)
    return null;
  if (!decision.allowed || from === 'STEP_UP') return 'STEP_UP';
  const view = scope && principal ? toDeclaredView(scope, principal) : from;
  return view === 'OPEN' && returns.some((name) => holdsRows(plan, name)) ? 'TENANT' : view;
}

/** The view with which the caller comes to the objects of a type; null where there are none for him. */
export function toTypeView(plan: AccessPlan, typeName: string, above: View, principal: Principal | null): View | null {
  const type = plan.type(typeName);
  const view = type ? toViewUnder(type.rule, type, above, principal) : null;
  if (!type || (view === 'TENANT' && principal?.tenantId === null)) return null;
  if (view === 'SELF' && principal?.kind === 'MACHINE') return null;
  const decision = decide(type.rule, principal, NOW);
  if (decision.allowed) return view;
  return decision.code === 'STEP_UP_REQUIRED' ? 'STEP_UP' : null;
}

/**
 * What is left of a view where a rule lets the caller pass by his role or scope in one tenant: of rows that have an
 * owner, those of that tenant. A container has no rows of its own, and any other type none that are shown to be his.
 */
function toViewUnder(rule: Rule, type: TypeAccess | undefined, view: View, principal: Principal | null): View | null {
  if ((view !== 'SELF' && view !== 'PLATFORM') || principal === null || type?.inherits) return view;
  const isSameElsewhere = outcomeOf(rule, principal) === outcomeOf(rule, toPrincipalElsewhere(principal));
  if (isSameElsewhere) return view;
  return type?.ownerField == null || principal.tenantId === null ? null : 'TENANT';
}

function outcomeOf(rule: Rule, principal: Principal): string {
  const decision = decide(rule, principal, NOW);
  return decision.allowed ? 'ALLOWED' : decision.code;
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
