import { type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { decideElsewhere } from '../../access/decisions.ts';
import type { TypeAccess } from '../../access/plan.ts';
import { type DeclaredReach, decideTenant, type FieldScope } from '../../access/tenant-scope.ts';
import { type AppError, notFound } from '../../errors.ts';
import type { Reach } from '../../store/scope.ts';
import { logRefusal } from '../refusal-log.ts';
import { isElsewhere, recordElsewhere } from './elsewhere.ts';
import { reachOf, recordReach } from './reach.ts';
import type { CallerContext, Resolver } from './resolver.ts';
import { findObjection, type Objection } from './row-ownership.ts';
import { screen } from './screen.ts';
import { toAppError } from './to-app-error.ts';

/** `@tenantScoped` on a field: the resolver runs for the tenant of the token, or one the caller may name. */
export function withTenant(resolve: Resolver, scope: FieldScope): Resolver {
  return (source, args, context, info) => {
    const decision = decideTenant(scope, args, context);
    if (!decision.allowed) throw toAppError(decision);
    return resolve(source, args, context, info);
  };
}

/** No row leaves the resolver for a caller it is not for, whatever type of object it is returned as. */
export function withRows(
  resolve: Resolver,
  type: TypeAccess,
  listDepth: number,
  declared: DeclaredReach | null,
): Resolver {
  return (source, args, context, info) => {
    const allowed = reachOf(declared, source, info);
    return screen(resolve(source, args, context, info), listDepth, (row) =>
      findForeign(row, type, allowed, context, info),
    );
  };
}

/** For a field that returns what may have no stamp of its own: its reach holds for what lies below. */
export function withReachBelow(resolve: Resolver, declared: DeclaredReach | null): Resolver {
  return (source, args, context, info) => {
    recordReach(info, reachOf(declared, source, info));
    return resolve(source, args, context, info);
  };
}

/** For a field that returns what may have no owner of its own: the tenant of what it is read from holds for it. */
export function withTenantBelow(resolve: Resolver, parent: TypeAccess | undefined): Resolver {
  return (source, args, context, info) => {
    recordElsewhere(source, parent, info, context.principal);
    return resolve(source, args, context, info);
  };
}

/**
 * What the client is told of a row that is not for the caller: NOT_FOUND, as of a row that does not exist. Null: it may
 * pass. The log hears why.
 */
export function findForeign(
  row: unknown,
  type: TypeAccess,
  allowed: Reach,
  context: CallerContext,
  info: GraphQLResolveInfo,
): AppError | null {
  const { principal } = context;
  const objection = findObjection(row, type, allowed, principal) ?? findRefusalElsewhere(row, type, context, info);
  if (objection === null) return null;
  const { fault, reason } = objection;
  const rule = type.ownerField === null ? type.rule.text : `@tenantScoped(field: "${type.ownerField}")`;
  const field = `${info.parentType.name}.${info.fieldName}`;
  const path = responsePathAsArray(info.path);
  logRefusal(context, { net: 'row', path, field, code: 'NOT_FOUND', rule, reason }, fault ? 'error' : 'warn');
  return notFound(reason, rule);
}

// The field's rule holds the type's, but was decided before anything was known of this row.
function findRefusalElsewhere(
  row: unknown,
  type: TypeAccess,
  context: CallerContext,
  info: GraphQLResolveInfo,
): Objection | null {
  if (!type.rule.isTenantBound || !isElsewhere(row, type, info.path, context.principal)) return null;
  const decision = decideElsewhere(type.rule, context);
  return decision.allowed ? null : { fault: false, reason: decision.reason };
}
