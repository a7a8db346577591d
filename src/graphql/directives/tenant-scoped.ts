import { type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import type { TypeAccess } from '../../access/plan.ts';
import { type DeclaredReach, decideTenant, type FieldScope } from '../../access/tenant-scope.ts';
import { type AppError, notFound } from '../../errors.ts';
import type { Reach } from '../../store/scope.ts';
import { logRefusal } from '../refusal-log.ts';
import { reachOf, recordReach } from './reach.ts';
import type { CallerContext, Resolver } from './resolver.ts';
import { findObjection } from './row-ownership.ts';
import { screen } from './screen.ts';
import { toAppError } from './to-app-error.ts';

/** A type whose rows belong to tenants. */
export type OwnedType = TypeAccess & { readonly ownerField: string };

export function isOwned(type: TypeAccess): type is OwnedType {
  return type.ownerField !== null;
}

/** `@tenantScoped` on a field: the resolver runs for the tenant of the token, or one the caller may name. */
export function withTenant(resolve: Resolver, scope: FieldScope): Resolver {
  return (source, args, context, info) => {
    const decision = decideTenant(scope, args, context.principal);
    if (!decision.allowed) throw toAppError(decision);
    return resolve(source, args, context, info);
  };
}

/** `@tenantScoped` on the type a field returns: no row of it leaves the resolver for a caller it is not for. */
export function withOwnRows(
  resolve: Resolver,
  type: OwnedType,
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

/** For a field whose own rows are not checked, but what lies below them is: its reach holds there. */
export function withReachBelow(resolve: Resolver, declared: DeclaredReach | null): Resolver {
  return (source, args, context, info) => {
    recordReach(info, reachOf(declared, source, info));
    return resolve(source, args, context, info);
  };
}

/**
 * What the client is told of a row that is not for the caller: NOT_FOUND, as of a row that does not exist. Null: it may
 * pass. The log hears why.
 */
export function findForeign(
  row: unknown,
  type: OwnedType,
  allowed: Reach,
  context: CallerContext,
  info: GraphQLResolveInfo,
): AppError | null {
  const objection = findObjection(row, type, allowed, context.principal);
  if (objection === null) return null;
  const { fault, reason } = objection;
  const rule = `@tenantScoped(field: "${type.ownerField}")`;
  const field = `${info.parentType.name}.${info.fieldName}`;
  const path = responsePathAsArray(info.path);
  logRefusal(context, { net: 'row', path, field, code: 'NOT_FOUND', rule, reason }, fault ? 'error' : 'warn');
  return notFound(reason, rule);
}
