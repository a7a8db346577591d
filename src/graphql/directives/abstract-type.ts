import { defaultTypeResolver, type GraphQLResolveInfo, type GraphQLTypeResolver } from 'graphql';
import { decideOnce } from '../../access/decisions.ts';
import type { AccessPlan } from '../../access/plan.ts';
import { recordedReach } from './reach.ts';
import type { CallerContext } from './resolver.ts';
import { isPromiseLike } from './screen.ts';
import { findForeign } from './tenant-scoped.ts';
import { toAppError } from './to-app-error.ts';

type TypeResolver = GraphQLTypeResolver<unknown, CallerContext>;

/**
 * For interfaces and unions: once the concrete type is known, and before any field of it runs, its rule is decided and
 * its row checked. A refusal falls on the object's own position.
 */
export function withConcreteType(resolveType: TypeResolver | null | undefined, plan: AccessPlan): TypeResolver {
  const resolve = resolveType ?? defaultTypeResolver;
  return (value, context, info, abstractType) => {
    const admit = (name: string | undefined) => {
      assertReadable(name, value, plan, context, info);
      return name;
    };
    const named = resolve(value, context, info, abstractType);
    return isPromiseLike(named) ? Promise.resolve(named).then(admit) : admit(named);
  };
}

function assertReadable(
  name: string | undefined,
  value: unknown,
  plan: AccessPlan,
  context: CallerContext,
  info: GraphQLResolveInfo,
): void {
  // A name that is no object type's fails in graphql-js, which asks for a possible type.
  const type = name === undefined ? undefined : plan.type(name);
  if (!type) return;
  const decision = decideOnce(type.rule, context);
  if (!decision.allowed) throw toAppError(decision);
  const foreign = findForeign(value, type, recordedReach(info.path) ?? 'TENANT', context, info);
  if (foreign) throw foreign;
}
