import type { ApolloServerPlugin } from '@apollo/server';
import { recordOperation } from '../../observability/request-record.ts';
import type { GraphQLContext } from '../context.ts';

/** Tells the request's record which operation was asked for, as the document names it and not as the request does. */
export const operationRecord: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue: { record } }) => {
      if (operation) recordOperation(record, operation.operation, operation.name?.value);
    },
  }),
};
