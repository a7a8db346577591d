import type { Principal } from '../identity/principal.ts';
import { isPlatformStaff } from './decide.ts';
import { ALLOWED, type Decision, refuse } from './decision.ts';

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
 * tenant has none yet. Its rows are judged one by one all the same.
 */
export function decideTenant(
  scope: FieldScope,
  args: Readonly<Record<string, unknown>>,
  principal: Principal | null,
): Decision {
  if (principal === null) return refuse('UNAUTHENTICATED', scope.text, 'there is no verified caller');
  const named = scope.argument === null ? null : valueAt(args, scope.argument);
  if (named !== null && named !== undefined) {
    if (named === principal.tenantId || (scope.reach === 'PLATFORM' && isPlatformStaff(principal))) return ALLOWED;
    return refuse('NOT_FOUND', scope.text, `${principal.subject} named a tenant that is not the token's own`);
  }
  const needsTenant = scope.reach === 'TENANT' || scope.argument !== null;
  if (!needsTenant || principal.tenantId !== null) return ALLOWED;
  return refuse('TENANT_REQUIRED', scope.text, `the token of ${principal.subject} names no tenant`);
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
