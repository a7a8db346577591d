import type { Principal } from '../identity/principal.ts';
import { isPlatformStaff, isSignInProven } from './decide.ts';
import { ALLOWED, type Decision, refuse, refuseUntil } from './decision.ts';
import type { Caller } from './decisions.ts';

export const DECLARED_REACHES = ['TENANT', 'SELF', 'PLATFORM'] as const;

export type DeclaredReach = (typeof DECLARED_REACHES)[number];

/** `@tenantScoped` on a field. */
export type FieldScope = {
  /** The widest reach the field's subtree may be read under. */
  readonly reach: DeclaredReach;
  /** Where the arguments name a tenant: `['id']`, or `['input', 'tenantId']`. */
  readonly argument: readonly string[] | null;
  readonly text: string;
};

/**
 * May the caller ask this field about the tenant its arguments name? The name left out stands for the caller's own
 * tenant. Reach PLATFORM without such an argument asks for no tenant: it is wider than SELF, and whoever makes a first
 * tenant has none yet. Its rows are judged one by one all the same. What is asked of the caller's own tenant is refused
 * while that is shut, or asks for another sign-in than his; platform staff who may name any tenant are not held to that.
 */
export function decideTenant(scope: FieldScope, args: Readonly<Record<string, unknown>>, caller: Caller): Decision {
  const { principal } = caller;
  if (principal === null) return refuse('UNAUTHENTICATED', scope.text, 'there is no verified caller');
  const named = scope.argument === null ? null : valueAt(args, scope.argument);
  if (named !== null && named !== undefined) {
    if (scope.reach === 'PLATFORM' && isPlatformStaff(principal)) return ALLOWED;
    if (named === principal.tenantId) return decideByRules(scope, principal, caller);
    return refuse('NOT_FOUND', scope.text, `${principal.subject} named a tenant that is not the token's own`);
  }
  const needsTenant = scope.reach === 'TENANT' || scope.argument !== null;
  if (!needsTenant) return ALLOWED;
  if (principal.tenantId !== null) return decideByRules(scope, principal, caller);
  return refuse('TENANT_REQUIRED', scope.text, `the token of ${principal.subject} names no tenant`);
}

/** What holds in the tenant itself: whether it is open, and what it asks of sessions. A machine has none. */
function decideByRules(scope: FieldScope, principal: Principal, { tenantRules, now }: Caller): Decision {
  if (tenantRules === null) return ALLOWED;
  const { isShut, mfaRequired: mfa, maxSessionAgeSeconds: maxAuthAgeSeconds } = tenantRules;
  if (isShut) return refuse('TENANT_SUSPENDED', scope.text, `tenant ${principal.tenantId} is shut`);
  if (principal.kind === 'MACHINE' || isSignInProven({ mfa, maxAuthAgeSeconds }, principal, now)) return ALLOWED;
  const reason = `${principal.subject} must prove what tenant ${principal.tenantId} asks of sessions`;
  return refuseUntil({ mfa, maxAuthAgeSeconds }, scope.text, reason);
}

function valueAt(args: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  let value: unknown = args;
  for (const key of path) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
