import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { AccessPlan } from '../access/plan.ts';
import type { GraphQLContext } from './context.ts';
import { formatError } from './errors.ts';
import { knownOperationTypes } from './known-operation-types.ts';
import { type Limits, MAX_VALIDATION_ERRORS } from './limits.ts';
import { accessCheck } from './plugins/access-check.ts';
import { errorLog } from './plugins/error-log.ts';
import { httpStatus } from './plugins/http-status.ts';

export type GraphQLServerOptions = {
  readonly schema: GraphQLSchema;
  readonly plan: AccessPlan;
  readonly limits: Limits;
  /** Answer introspection, and name what exists in messages about mistakes: for machines of developers. */
  readonly introspection: boolean;
};

/** Apollo Server with everything on that refuses, and everything off that tells more than was asked. */
export function createGraphQLServer({
  schema,
  plan,
  limits,
  introspection,
}: GraphQLServerOptions): ApolloServer<GraphQLContext> {
  return new ApolloServer<GraphQLContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: [knownOperationTypes],
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    executionOptions: { maxCoercionErrors: MAX_VALIDATION_ERRORS },
    formatError,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      accessCheck(plan),
      errorLog,
      httpStatus,
    ],
  });
}
