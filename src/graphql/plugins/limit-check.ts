import type { ApolloServerPlugin } from '@apollo/server';
import { AppError } from '../../errors.ts';
import type { GraphQLContext } from '../context.ts';
import { tellOnce, toGraphQLError } from '../errors.ts';
import type { OperationLimits } from '../limits/operation-limits.ts';

/** Refuses an operation that is too large with the variables it came with, and tells such a refusal once. */
export function limitCheck(limits: OperationLimits): ApolloServerPlugin<GraphQLContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request }) => {
        if (!operation) return;
        try {
          limits.assertAffordable({ schema, document, operation, variables: request.variables ?? {} });
        } catch (error) {
          throw error instanceof AppError ? toGraphQLError(error) : error;
        }
      },
      willSendResponse: async ({ response: { body } }) => {
        if (body.kind !== 'single' || body.singleResult.errors === undefined) return;
        body.singleResult.errors = tellOnce(body.singleResult.errors, ({ extensions }) => extensions?.['code']);
      },
    }),
  };
}
