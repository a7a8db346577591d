import type { DocumentNode, GraphQLSchema, OperationDefinitionNode, ValidationContext, ValidationRule } from 'graphql';
import { AppError } from '../../errors.ts';
import { toGraphQLError } from '../errors.ts';
import { type Limits, MAX_VALIDATION_ERRORS } from '../limits.ts';
import { assertDocument, toCost } from './assert-document.ts';
import { assertCost } from './bounds.ts';
import { DEFAULT_SIZE, type SizeOfVariable, toLiteralSize, toSize } from './page-size.ts';

/** An operation about to be executed, with its variables as they were sent. */
export type SizedOperation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
};

export type OperationLimits = {
  /** Refuses a document beyond any limit, with variables that stand for sizes taken at their lowest. */
  readonly rule: ValidationRule;
  /** For an operation the rule let through: throws OPERATION_LIMIT_EXCEEDED when it costs too much with its variables. */
  assertAffordable(sized: SizedOperation): void;
};

/** Holds documents to `limits` before anything of them runs. */
export function createOperationLimits(limits: Limits): OperationLimits {
  // Apollo keeps the documents it validated: most operations are affordable with any variables, and never measured again.
  const unsettled = new WeakSet<OperationDefinitionNode>();
  return {
    rule: (context) => ({
      Document(document) {
        try {
          for (const operation of assertDocument(context.getSchema(), document, limits)) unsettled.add(operation);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          endValidation(context, error);
        }
      },
    }),
    assertAffordable({ schema, document, operation, variables }) {
      if (!unsettled.has(operation)) return;
      assertCost(toCost(schema, document, operation, toSizes(operation, variables)), limits);
    },
  };
}

/**
 * graphql-js runs all rules side by side, and comparing fields that may merge takes it 40 ms for 2 000 tokens. A rule can
 * end that only by one error more than `maxErrors`: hence the repeats, of which `tellOnce` leaves one.
 */
function endValidation(context: ValidationContext, refusal: AppError): void {
  for (let errors = 0; errors <= MAX_VALIDATION_ERRORS; errors += 1) context.reportError(toGraphQLError(refusal));
}

// What does not coerce to a size is refused by the executor before it runs anything.
function toSizes(
  { variableDefinitions }: OperationDefinitionNode,
  variables: SizedOperation['variables'],
): SizeOfVariable {
  return (name) => {
    if (Object.hasOwn(variables, name)) return toSize(variables[name]);
    const fallback = variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
    return fallback ? toLiteralSize(fallback) : DEFAULT_SIZE;
  };
}
