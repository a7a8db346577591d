import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { directiveValues } from './directive-values.ts';
import type { Report } from './problems.ts';
import { readAuth } from './read-auth.ts';
import { readFieldScope, readOwnerField } from './read-tenant-scoped.ts';
import type { Registry } from './registry.ts';
import { BARE, type Clause } from './rule.ts';
import { type RuleSource, readSources } from './rule-source.ts';
import type { FieldScope } from './tenant-scope.ts';

export type RuledType = GraphQLObjectType | GraphQLInterfaceType;

/** What one field's own directives say. */
export type DeclaredField = {
  readonly coordinate: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly isPublic: boolean;
  readonly clause: Clause | null;
  readonly scope: FieldScope | null;
  readonly sources: readonly RuleSource[];
};

/** What one type's own directives say. */
export type DeclaredType = {
  readonly type: RuledType;
  /** `@auth`, or bare where only `@tenantScoped` stands. Null: no rule of its own. */
  readonly clause: Clause | null;
  /** The field that holds the owning tenant, for a `@tenantScoped` type. */
  readonly ownerField: string | null;
  /** Every field is `@public`. */
  readonly isPublic: boolean;
  /** Has no rule because it is nothing without the field that returns it: PageInfo, connections, edges, payloads. */
  readonly inherits: boolean;
  readonly sources: readonly RuleSource[];
  readonly fields: readonly DeclaredField[];
};

const CONTAINER = /^PageInfo$|.(?:Connection|Edge|Payload)$/;

/** Reads the directives of every object and interface type. What cannot be read is reported and counts as absent. */
export function readDeclarations(
  schema: GraphQLSchema,
  registry: Registry,
  report: Report,
): ReadonlyMap<string, DeclaredType> {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .filter((type) => !isIntrospectionType(type));
  return new Map(types.map((type) => [type.name, readType(schema, type, registry, report)]));
}

function readType(schema: GraphQLSchema, type: RuledType, registry: Registry, report: Report): DeclaredType {
  const directives = type.astNode?.directives ?? [];
  const clause = readClause(schema, directives, type.name, registry, report);
  const ownerField = readOwnerField(schema, type, directives, report);
  const fields = Object.values(type.getFields()).map((field) => readField(schema, type, field, registry, report));
  const isPublic = fields.every((field) => field.isPublic);
  const isRuled = clause !== null || ownerField !== null;
  return {
    type,
    clause: clause ?? (ownerField === null ? null : BARE),
    ownerField,
    isPublic,
    inherits: !isRuled && !isPublic && isObjectType(type) && CONTAINER.test(type.name),
    sources: readSources(type.name, directives, {
      auth: clause?.text ?? null,
      tenantScoped: ownerField === null ? null : `@tenantScoped(field: ${JSON.stringify(ownerField)})`,
    }),
    fields,
  };
}

function readField(
  schema: GraphQLSchema,
  type: RuledType,
  field: GraphQLField<unknown, unknown>,
  registry: Registry,
  report: Report,
): DeclaredField {
  const coordinate = `${type.name}.${field.name}`;
  const directives = field.astNode?.directives ?? [];
  const clause = readClause(schema, directives, coordinate, registry, report);
  const scope = readFieldScope(schema, coordinate, field, directives, report);
  return {
    coordinate,
    field,
    isPublic: directives.some((directive) => directive.name.value === 'public'),
    clause,
    scope,
    sources: readSources(coordinate, directives, {
      public: '@public',
      auth: clause?.text ?? null,
      tenantScoped: scope?.text ?? null,
    }),
  };
}

function readClause(
  schema: GraphQLSchema,
  directives: readonly ConstDirectiveNode[],
  where: string,
  registry: Registry,
  report: Report,
): Clause | null {
  const values = directiveValues(schema, directives, 'auth', where, report);
  return readAuth(values, registry, (problem) => report(where, problem));
}
