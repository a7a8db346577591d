import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isIntrospectionType,
  isListType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import {
  collectFields,
  type Definitions,
  type FieldUse,
  type OnSelection,
  type Place,
  type Selections,
} from './collect-fields.ts';
import { type Size, type SizeOfVariable, toLarger, toPageSize, UNSIZED } from './page-size.ts';

/** What an operation asks for, its fragments unfolded. Counted up while it is walked through. */
export type Measures = {
  depth: number;
  rootFields: number;
  aliases: number;
  /** The most selections that one field of the answer is merged from. */
  repeats: number;
  /** Fields below `__schema` and `__type`, which count neither for depth nor for cost. */
  introspection: number;
  /** Lists within lists of introspection. */
  introspectionLists: number;
  /** Fields of the answer, with each list at the size asked for: as small, and as large, as its variable allows. */
  leastCost: number;
  mostCost: number;
};

/** One object of the answer, or each object of one of its lists. */
type Level = {
  readonly selections: readonly Selections[];
  readonly depth: number;
  /** How often it is in the answer. */
  readonly times: Size;
  /** The page its lists are of; null where no page was asked for. */
  readonly page: Size | null;
  /** Lists of introspection around it; null outside of introspection. */
  readonly introspectionLists: number | null;
};

const OUTSIDE: Place = { nesting: 0, fragments: 0 };
const ONCE: Size = { least: 1, most: 1 };

export type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/**
 * Measures one definition level by level, equal response names merged as in execution. `onSelection` bounds the walk: what
 * fragments unfold to may be exponential in the document.
 */
export function measureDefinition(
  definitions: Definitions,
  definition: Definition,
  sizeOfVariable: SizeOfVariable,
  onSelection: OnSelection,
): Measures {
  const measures = createMeasures();
  for (const node of [definition, ...(definition.variableDefinitions ?? [])]) onSelection(node, OUTSIDE);
  // Grows while it is walked through.
  const levels = [toFirstLevel(definitions.schema, definition)];
  for (const level of levels) {
    for (const uses of collectFields(definitions, level.selections, onSelection).values()) {
      count(measures, level, uses);
      const below = uses.flatMap(toSelectionsBelow);
      if (below.length > 0) levels.push(toLevelBelow(level, uses, below, sizeOfVariable));
    }
  }
  return measures;
}

function toFirstLevel(schema: GraphQLSchema, definition: Definition): Level {
  const type =
    definition.kind === Kind.OPERATION_DEFINITION
      ? schema.getRootType(definition.operation)
      : schema.getType(definition.typeCondition.name.value);
  const selections = [{ selectionSet: definition.selectionSet, type: type ?? undefined, within: null }];
  const introspectionLists = isAnyIntrospection(selections) ? 0 : null;
  return { selections, depth: 1, times: ONCE, page: null, introspectionLists };
}

function createMeasures(): Measures {
  const structure = { depth: 0, rootFields: 0, aliases: 0, repeats: 0 };
  return { ...structure, introspection: 0, introspectionLists: 0, leastCost: 0, mostCost: 0 };
}

function count(measures: Measures, { depth, times, introspectionLists }: Level, uses: readonly FieldUse[]): void {
  measures.aliases += uses.filter(({ node }) => node.alias !== undefined).length;
  measures.repeats = Math.max(measures.repeats, uses.length);
  if (depth === 1) measures.rootFields += uses.length;
  if (introspectionLists === null) {
    measures.depth = Math.max(measures.depth, depth);
    measures.leastCost += times.least;
    measures.mostCost += times.most;
  } else {
    measures.introspection += uses.length;
    measures.introspectionLists = Math.max(measures.introspectionLists, introspectionLists);
  }
}

function toSelectionsBelow({ node, field, within }: FieldUse): readonly Selections[] {
  if (node.selectionSet === undefined) return [];
  return [{ selectionSet: node.selectionSet, type: field && getNamedType(field.type), within }];
}

function toLevelBelow(
  level: Level,
  uses: readonly FieldUse[],
  selections: readonly Selections[],
  sizeOfVariable: SizeOfVariable,
): Level {
  const isList = uses.some(({ field }) => field && isListType(getNullableType(field.type)));
  const pages = uses.flatMap(({ node, field }) => (field && toPageSize(field, node, sizeOfVariable)) ?? []);
  const page = pages.length === 0 ? null : pages.reduce(toLarger);
  const lists = level.introspectionLists ?? (isAnyIntrospection(selections) ? 0 : null);
  return {
    selections,
    depth: level.depth + 1,
    times: isList ? multiply(level.times, page ?? level.page ?? UNSIZED) : level.times,
    page: isList ? null : page,
    introspectionLists: lists !== null && isList ? lists + 1 : lists,
  };
}

function isAnyIntrospection(selections: readonly Selections[]): boolean {
  return selections.some(({ type }) => type !== undefined && isIntrospectionType(type));
}

function multiply(one: Size, other: Size): Size {
  return { least: one.least * other.least, most: one.most * other.most };
}
