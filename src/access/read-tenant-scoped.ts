import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isLeafType,
} from 'graphql';
import { directiveValues, writtenArguments } from './directive-values.ts';
import type { Report } from './problems.ts';
import { DECLARED_REACHES, type FieldScope } from './tenant-scope.ts';

/** The field of a `@tenantScoped` type that holds the owning tenant; null for any other type. */
export function readOwnerField(
  schema: GraphQLSchema,
  type: GraphQLObjectType | GraphQLInterfaceType,
  directives: readonly ConstDirectiveNode[],
  report: Report,
): string | null {
  const [values] = directiveValues(schema, directives, 'tenantScoped', type.name, report);
  if (values === undefined) return null;
  for (const argument of writtenArguments(directives, 'tenantScoped').filter((name) => name !== 'field')) {
    report(
      type.name,
      `@tenantScoped(${argument}:) means nothing on a type; write it on the fields that return the type`,
    );
  }
  const owner = String(values['field']);
  const field = type.getFields()[owner];
  if (field === undefined || !isLeafType(getNullableType(field.type))) {
    report(type.name, `@tenantScoped(field: "${owner}") names no single value of ${type.name}; name its tenant's id`);
  }
  return owner;
}

/** `@tenantScoped` on a field; null where it does not stand. */
export function readFieldScope(
  schema: GraphQLSchema,
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  directives: readonly ConstDirectiveNode[],
  report: Report,
): FieldScope | null {
  const [values] = directiveValues(schema, directives, 'tenantScoped', coordinate, report);
  if (values === undefined) return null;
  if (writtenArguments(directives, 'tenantScoped').includes('field')) {
    report(coordinate, '@tenantScoped(field:) means nothing on a field; write it on the type the field returns');
  }
  const reach = DECLARED_REACHES.find((declared) => declared === values['reach']);
  if (reach === undefined) {
    report(coordinate, `@tenantScoped(reach:) is unknown; write one of ${DECLARED_REACHES.join(', ')}`);
    return null;
  }
  if (values['argument'] === undefined) {
    return Object.freeze({ reach, argument: null, text: `@tenantScoped(reach: ${reach})` });
  }
  const path = String(values['argument']);
  if (!namesOneValue(field, path.split('.'))) {
    report(
      coordinate,
      `@tenantScoped(argument: "${path}") names no single value among the arguments; correct the name`,
    );
  }
  const text = `@tenantScoped(argument: "${path}", reach: ${reach})`;
  return Object.freeze({ reach, argument: Object.freeze(path.split('.')), text });
}

// A list would let several tenants be named where one is compared, so lists lead nowhere here.
function namesOneValue(field: GraphQLField<unknown, unknown>, [first, ...rest]: readonly string[]): boolean {
  let type: GraphQLInputType | undefined = field.args.find(({ name }) => name === first)?.type;
  for (const key of rest) {
    const input: GraphQLInputType | null = type ? getNullableType(type) : null;
    type = isInputObjectType(input) ? input.getFields()[key]?.type : undefined;
  }
  return type !== undefined && isLeafType(getNullableType(type));
}
