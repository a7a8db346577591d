import type { GraphQLResolveInfo } from 'graphql';
import type { Decision } from '../../access/decision.ts';
import { decideElsewhere, decideOnce } from '../../access/decisions.ts';
import type { TypeAccess } from '../../access/plan.ts';
import type { Rule } from '../../access/rule.ts';
import type { Principal } from '../../identity/principal.ts';
import { toFieldPath } from './reach.ts';
import type { CallerContext } from './resolver.ts';
import { ownerOf, scopeReadUnder } from './row-ownership.ts';

type Path = GraphQLResolveInfo['path'];

/** What is asked of the reader of one field, decided for what the field is read from. */
export type FieldDecision = (source: unknown, context: CallerContext, info: GraphQLResolveInfo) => Decision;

// Fields that were read from what is elsewhere, by the executor's own path objects.
const readElsewhere = new WeakSet<Path>();

/**
 * Decides the rule of a field on objects of `parent`. A role or a scope counts on what is of the token's tenant; a rule
 * that names neither is the same on every row, and no row is looked at.
 */
export function toFieldDecision(rule: Rule, parent: TypeAccess | undefined): FieldDecision {
  if (!rule.isTenantBound) return (_source, context) => decideOnce(rule, context);
  return (source, context, info) => {
    const path = toFieldPath(info.path.prev);
    return isElsewhere(source, parent, path, context.principal)
      ? decideElsewhere(rule, context)
      : decideOnce(rule, context);
  };
}

/**
 * Whether an object that the field at `path` returned is of another tenant than the token's, or of nobody knows which.
 * What has neither an owner nor a stamp, a page or something computed, is where the row above it is.
 */
export function isElsewhere(
  row: unknown,
  type: TypeAccess | undefined,
  path: Path | undefined,
  principal: Principal | null,
): boolean {
  const ownerField = type?.ownerField ?? null;
  if (ownerField !== null) return !isTenantOf(principal, ownerOf(row, ownerField));
  const scope = scopeReadUnder(row);
  if (scope !== undefined) return !isTenantOf(principal, scope.tenantId);
  return path !== undefined && readElsewhere.has(path);
}

/** Hands on to what this field returns that it is read from something elsewhere. */
export function recordElsewhere(
  source: unknown,
  parent: TypeAccess | undefined,
  info: GraphQLResolveInfo,
  principal: Principal | null,
): void {
  if (isElsewhere(source, parent, toFieldPath(info.path.prev), principal)) readElsewhere.add(info.path);
}

function isTenantOf(principal: Principal | null, tenantId: string | null): boolean {
  return tenantId !== null && tenantId === principal?.tenantId;
}
