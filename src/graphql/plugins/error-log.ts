import type { ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import { AppError, type ErrorCode } from '../../errors.ts';
import { recordRefusal } from '../../observability/request-record.ts';
import type { GraphQLContext } from '../context.ts';
import { tellOnce, toErrorView } from '../errors.ts';

const OUR_FAULT: readonly ErrorCode[] = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'];

/** Keeps in the log what the client is not told: the reason of a refusal, the cause of a failure. */
export const errorLog: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue: { log, record } }) => {
      for (const error of tellOnce(errors, (error) => toErrorView(error).code)) {
        const original = unwrapResolverError(error);
        const { code } = toErrorView(error);
        const reason = original instanceof AppError ? original.reason : undefined;
        recordRefusal(record, code, reason);
        // Response keys are the caller's own words, as long as he likes.
        const path = error.path?.join('.').slice(0, 200);
        if (OUR_FAULT.includes(code)) log.error({ path, err: original }, 'failed');
        else if (original instanceof GraphQLError) log.debug({ path, code, err: original }, 'not valid');
        else log.debug({ path, code, reason }, 'refused');
      }
    },
  }),
};
