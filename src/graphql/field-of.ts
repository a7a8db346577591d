import { type ASTNode, type DocumentNode, type GraphQLSchema, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

type Fields = ReadonlyMap<ASTNode, string>;

// Apollo keeps the documents it parsed, so most are read once for many requests.
const known = new WeakMap<DocumentNode, Fields>();

/** `Type.field` of a selection as the document has it: on an interface, that is the interface's. Null for anything else. */
export function fieldOf(schema: GraphQLSchema, document: DocumentNode, node: ASTNode | undefined): string | null {
  if (node?.kind !== Kind.FIELD) return null;
  const fields = known.get(document) ?? readFields(schema, document);
  known.set(document, fields);
  return fields.get(node) ?? null;
}

function readFields(schema: GraphQLSchema, document: DocumentNode): Fields {
  const fields = new Map<ASTNode, string>();
  const typeInfo = new TypeInfo(schema);
  const Field = (node: ASTNode) => {
    const [type, field] = [typeInfo.getParentType(), typeInfo.getFieldDef()];
    if (type && field) fields.set(node, `${type.name}.${field.name}`);
  };
  visit(document, visitWithTypeInfo(typeInfo, { Field }));
  return fields;
}
