import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import { AppError, type ErrorCode } from '../../errors.ts';
import type { GraphQLContext } from '../context.ts';

const OUR_FAULT: readonly ErrorCode[] = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'];

/** Keeps in the log what the client is not told: the reason of a refusal, the cause of a failure. */
export const errorLog: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue: { log }, operationName }) => {
      for (const error of errors) {
        const original = unwrapResolverError(error);
        const at = { path: error.path?.join('.'), operationName };
        if (original instanceof AppError && !OUR_FAULT.includes(original.code)) {
          log.info({ ...at, code: original.code, reason: original.reason }, 'refused');
        } else if (original instanceof GraphQLError) log.debug({ ...at }, original.message);
        else log.error({ ...at, err: original }, 'failed');
      }
    },
  }),
};
