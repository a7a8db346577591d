import type { ApolloServerPlugin } from '@apollo/server';
import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { type Denial, evaluateOperation } from '../../access/evaluate-operation.ts';
import type { AccessPlan } from '../../access/plan.ts';
import type { GraphQLContext } from '../context.ts';
import { toAppError } from '../directives/to-app-error.ts';
import { toGraphQLError } from '../errors.ts';

/**
 * Decides the whole operation on claims before anything runs. A mutation with any refused selection is refused whole, so
 * that nothing is done for an answer the caller may not read. A query runs, and the rewritten resolvers refuse there.
 */
export function accessCheck(plan: AccessPlan): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request, contextValue }) => {
        if (operation?.operation !== 'mutation') return;
        const variables = toVariables(schema, operation, request.variables ?? {});
        // Variables that do not coerce are told by the executor, which then runs nothing.
        if (variables === null) return;
        const [denial] = evaluateOperation(plan, { schema, document, operation, variables }, contextValue);
        if (denial) throw toRefusalOfAll(denial);
      },
    }),
  };
}

function toRefusalOfAll({ refusal, path }: Denial) {
  const error = toGraphQLError(toAppError(refusal));
  return Object.assign(error, { path });
}

function toVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, inputs: Record<string, unknown>) {
  const result = getVariableValues(schema, operation.variableDefinitions ?? [], inputs, { maxErrors: 1 });
  return result.coerced ?? null;
}
