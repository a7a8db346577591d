import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { Limits } from '../limits.ts';
import { assertCost, assertShape, limitExceeded } from './bounds.ts';
import type { Definitions } from './collect-fields.ts';
import { type Definition, measureDefinition } from './measure.ts';
import { ANY_SIZE, type SizeOfVariable } from './page-size.ts';
import { createWalkBound } from './walk-bound.ts';

/**
 * Throws OPERATION_LIMIT_EXCEEDED for a document beyond any limit, with variables that stand for sizes at their lowest.
 * Gives the operations that may cost too much once their variables are known.
 */
export function assertDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  limits: Limits,
): readonly OperationDefinitionNode[] {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const { length } = operations;
  if (length > limits.operations) {
    throw limitExceeded(`The document has ${length} operations; at most ${limits.operations} are allowed.`);
  }
  const definitions = toDefinitions(schema, document);
  const nextWalk = createWalkBound();
  const measure = (definition: Definition) => measureDefinition(definitions, definition, () => ANY_SIZE, nextWalk());
  // The other rules of validation go through every fragment, also through those that no operation spreads.
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) assertShape({ ...measure(definition), rootFields: 0 }, limits);
  }
  return operations.filter((operation) => {
    const measures = measure(operation);
    assertShape(measures, limits);
    assertCost(measures.leastCost, limits);
    return measures.mostCost > limits.cost;
  });
}

/** What the operation costs when its variables stand for these sizes. */
export function toCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  sizeOfVariable: SizeOfVariable,
): number {
  const walk = createWalkBound()();
  return measureDefinition(toDefinitions(schema, document), operation, sizeOfVariable, walk).mostCost;
}

function toDefinitions(schema: GraphQLSchema, document: DocumentNode): Definitions {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return { schema, fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])) };
}
