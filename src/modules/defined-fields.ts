import { type DefinitionNode, type DocumentNode, Kind } from 'graphql';

/** Fields by type, with the names of their arguments. */
export type DefinedFields = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** What these documents define themselves, in types of their own and in extensions of others. A union has no fields. */
export function fieldsDefinedIn(typeDefs: readonly DocumentNode[]): DefinedFields {
  const found = new Map<string, Map<string, readonly string[]>>();
  for (const { name, fields } of typeDefs.flatMap(({ definitions }) => definitions.flatMap(toType))) {
    const known = found.get(name) ?? new Map<string, readonly string[]>();
    for (const field of fields) known.set(field.name.value, field.arguments?.map((it) => it.name.value) ?? []);
    found.set(name, known);
  }
  return found;
}

function toType(definition: DefinitionNode) {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_EXTENSION:
      return [{ name: definition.name.value, fields: definition.fields ?? [] }];
    case Kind.UNION_TYPE_DEFINITION:
      return [{ name: definition.name.value, fields: [] }];
    default:
      return [];
  }
}
