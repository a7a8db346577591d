import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import type { Refusal } from '../../access/decision.ts';
import { type Denial, evaluateOperation } from '../../access/evaluate-operation.ts';
import type { AccessPlan } from '../../access/plan.ts';
import { toStepUp } from '../../access/step-up.ts';
import { badUserInput } from '../../errors.ts';
import type { GraphQLContext } from '../context.ts';
import { toAppError } from '../directives/to-app-error.ts';
import { toGraphQLError } from '../errors.ts';
import { fieldOf } from '../field-of.ts';
import { logRefusal } from '../refusal-log.ts';

/**
 * Decides the whole operation on claims before anything runs, and writes down what it refuses. A mutation with any refused
 * selection is refused whole, so that nothing is done for an answer the caller may not read. A query runs, and the
 * rewritten resolvers refuse there.
 */
export function accessCheck(plan: AccessPlan): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
        const variables = operation && toVariables(schema, operation, request.variables ?? {});
        // Variables that do not coerce are told by the executor, which then runs nothing.
        if (!variables) return;
        const denials = evaluate(plan, { schema, document, operation, variables }, contextValue);
        const isWhole = operation.operation === 'mutation';
        for (const { path, fieldNode, refusal, possibleType } of denials) {
          // A query that is never answered with such an object is refused nothing.
          if (possibleType !== null && !isWhole) continue;
          const field = fieldOf(schema, document, fieldNode);
          logRefusal(contextValue, { ...refusal, net: 'directive', path, field });
        }
        const [first] = denials;
        if (isWhole && first) throw toRefusalOfAll(first, denials);
      },
    }),
  };
}

function evaluate(...asked: Parameters<typeof evaluateOperation>): readonly Denial[] {
  try {
    return evaluateOperation(...asked);
  } catch (error) {
    // A variable with a default may be null where `@skip` and `@include` take no null. GraphQL spec, 5.8.5.
    if (!(error instanceof GraphQLError)) throw error;
    throw toGraphQLError(badUserInput(error.message), { nodes: error.nodes ?? [] });
  }
}

/** The one refusal a mutation is answered with: the first that no sign-in would end, or else what all of them ask together. */
function toRefusalOfAll(first: Denial, denials: readonly Denial[]): GraphQLError {
  const final = denials.find(({ refusal }) => refusal.code !== 'STEP_UP_REQUIRED');
  const { path, fieldNode, refusal } = final ?? first;
  const stepUps = denials.flatMap(({ refusal }) => (refusal.code === 'STEP_UP_REQUIRED' ? [[refusal.stepUp]] : []));
  const told: Refusal = refusal.code === 'STEP_UP_REQUIRED' ? { ...refusal, stepUp: toStepUp(stepUps) } : refusal;
  return toGraphQLError(toAppError(told), { path, nodes: fieldNode });
}

function toVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, inputs: Record<string, unknown>) {
  const result = getVariableValues(schema, operation.variableDefinitions ?? [], inputs, { maxErrors: 1 });
  return result.coerced ?? null;
}
