import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

/** Selections, and where they stand. */
export type Selections = {
  readonly selectionSet: SelectionSetNode;
  /** What they are made on; undefined where the document names a type or field that does not exist. */
  readonly type: GraphQLNamedType | undefined;
  /** The named fragments around them, the innermost first. */
  readonly within: Within;
};

export type Within = { readonly fragment: string; readonly outer: Within } | null;

export type Field = GraphQLField<unknown, unknown>;

export type FieldUse = {
  readonly node: FieldNode;
  /** Undefined for `__typename`, and for a field that does not exist. */
  readonly field: Field | undefined;
  readonly within: Within;
};

export type Definitions = {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
};

/** Where a walk stands in a level of the answer. */
export type Place = {
  /** Fragments of the level around it. */
  readonly nesting: number;
  /** Named fragments of the level so far. */
  readonly fragments: number;
};

/** Is told of each selection passed. Throws to end the walk. */
export type OnSelection = (node: { readonly directives?: readonly DirectiveNode[] }, place: Place) => void;

/**
 * The fields of one level of an answer by response name, as GraphQL's CollectFields() gathers them: fragments unfolded,
 * each spread once. Those of every possible type count. No document is too deep for it: the stack is its own.
 */
export function collectFields(
  definitions: Definitions,
  level: readonly Selections[],
  onSelection: OnSelection,
): ReadonlyMap<string, readonly FieldUse[]> {
  const fields = new Map<string, FieldUse[]>();
  const spread = new Set<string>();
  const open = level.map((selections) => ({ ...selections, nesting: 0 }));
  for (let at = open.pop(); at; at = open.pop()) {
    for (const selection of at.selectionSet.selections) {
      onSelection(selection, { nesting: at.nesting, fragments: spread.size });
      if (selection.kind === Kind.FIELD) addField(fields, selection, at);
      else {
        const inner = enterFragment(definitions, selection, at, spread);
        if (inner) open.push({ ...inner, nesting: at.nesting + 1 });
      }
    }
  }
  return fields;
}

function addField(fields: Map<string, FieldUse[]>, node: FieldNode, { type, within }: Selections): void {
  const key = (node.alias ?? node.name).value;
  const uses = fields.get(key);
  const use = { node, field: findField(node.name.value, type), within };
  if (uses) uses.push(use);
  else fields.set(key, [use]);
}

const META_FIELDS: readonly Field[] = [SchemaMetaFieldDef, TypeMetaFieldDef];

function findField(name: string, type: GraphQLNamedType | undefined): Field | undefined {
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  return META_FIELDS.find((field) => field.name === name) ?? type.getFields()[name];
}

// A spread of nothing, and one that comes around again, are left to the rules of GraphQL itself.
function enterFragment(
  { schema, fragments }: Definitions,
  selection: Exclude<SelectionNode, FieldNode>,
  { type, within }: Selections,
  spread: Set<string>,
): Selections | undefined {
  const toType = (condition: string | undefined) => (condition === undefined ? type : schema.getType(condition));
  if (selection.kind === Kind.INLINE_FRAGMENT) {
    return { selectionSet: selection.selectionSet, type: toType(selection.typeCondition?.name.value), within };
  }
  const name = selection.name.value;
  const fragment = fragments.get(name);
  if (!fragment || spread.has(name) || isWithin(name, within)) return undefined;
  spread.add(name);
  return {
    selectionSet: fragment.selectionSet,
    type: toType(fragment.typeCondition.name.value),
    within: { fragment: name, outer: within },
  };
}

function isWithin(name: string, within: Within): boolean {
  for (let at = within; at; at = at.outer) if (at.fragment === name) return true;
  return false;
}
