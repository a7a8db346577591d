import { type DefinitionNode, type DocumentNode, type FieldDefinitionNode, Kind, type TypeNode } from 'graphql';

export type DefinedField = { readonly args: readonly string[]; readonly returns: string };

/** Fields by type. A union has none. */
export type DefinedFields = ReadonlyMap<string, ReadonlyMap<string, DefinedField>>;

/** What these documents define themselves, in types of their own and in extensions of others. */
export function fieldsDefinedIn(typeDefs: readonly DocumentNode[]): DefinedFields {
  const found = new Map<string, Map<string, DefinedField>>();
  for (const { name, fields } of typeDefs.flatMap(({ definitions }) => definitions.flatMap(toType))) {
    const known = found.get(name) ?? new Map<string, DefinedField>();
    for (const field of fields) known.set(field.name.value, toField(field));
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

function toField({ arguments: args = [], type }: FieldDefinitionNode): DefinedField {
  return { args: args.map(({ name }) => name.value), returns: toName(type) };
}

function toName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : toName(type.type);
}
