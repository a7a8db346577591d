import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLFieldConfig,
  GraphQLInterfaceType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLUnionType,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { AccessPlan, TypeAccess } from '../../access/plan.ts';
import type { DeclaredReach } from '../../access/tenant-scope.ts';
import { withConcreteType } from './abstract-type.ts';
import { withAuth } from './auth.ts';
import { toFieldDecision } from './elsewhere.ts';
import type { CallerContext, Resolver } from './resolver.ts';
import { withoutRows } from './scalar.ts';
import { withReachBelow, withRows, withTenant, withTenantBelow } from './tenant-scoped.ts';
import { closedBeside, withhold } from './withhold.ts';

type Field = GraphQLFieldConfig<unknown, CallerContext>;

/**
 * A new schema whose resolvers hold to the plan. Only a field that asks for more than reaching its parent has proven,
 * that returns objects, or that is computed beside a closed one is wrapped; the plain fields of a row stay as they are.
 * Throws when the plan lacks a field.
 */
export function enforce(schema: GraphQLSchema, plan: AccessPlan): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: Field, fieldName, typeName) =>
      toEnforced(withhold(field, closedBeside(schema, plan, typeName, fieldName)), typeName, fieldName, plan),
    [MapperKind.INTERFACE_TYPE]: (type) =>
      new GraphQLInterfaceType({ ...type.toConfig(), resolveType: withConcreteType(type.resolveType, plan) }),
    [MapperKind.UNION_TYPE]: (type) =>
      new GraphQLUnionType({ ...type.toConfig(), resolveType: withConcreteType(type.resolveType, plan) }),
    [MapperKind.SCALAR_TYPE]: withoutRows,
  });
}

function toEnforced(field: Field, typeName: string, fieldName: string, plan: AccessPlan): Field {
  const { rule, check, scope } = plan.field(typeName, fieldName);
  const parent = plan.type(typeName);
  const resolve = field.resolve ?? defaultFieldResolver;
  let enforced: Resolver = toRowsChecked(resolve, field.type, parent, scope?.reach ?? null, plan);
  if (scope) enforced = withTenant(enforced, scope);
  // The whole rule, though a part of it is proven: it is decided already, and says all that a new sign-in must prove.
  if (check.allOf.length > 0) enforced = withAuth(enforced, toFieldDecision(rule, parent));
  return enforced === resolve ? field : { ...field, resolve: enforced };
}

function toRowsChecked(
  resolve: Resolver,
  type: GraphQLOutputType,
  parent: TypeAccess | undefined,
  reach: DeclaredReach | null,
  plan: AccessPlan,
): Resolver {
  const named = getNamedType(type);
  if (isLeafType(named)) return resolve;
  // The concrete type of an interface or a union checks its own rows, once it is known.
  const returned = plan.type(named.name);
  const screened = returned ? withRows(resolve, returned, toListDepth(type), reach) : resolve;
  if (returned && returned.ownerField !== null) return screened;
  const below = withTenantBelow(screened, parent);
  return !returned || returned.inherits || reach !== null ? withReachBelow(below, reach) : below;
}

function toListDepth(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return toListDepth(type.ofType);
  return isListType(type) ? 1 + toListDepth(type.ofType) : 0;
}
