import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { AccessPlan } from '../access/plan.ts';
import type { GraphQLContext } from './context.ts';
import { createErrorFormat } from './errors.ts';
import { knownOperationTypes } from './known-operation-types.ts';
import { createOperationLimits } from './limits/operation-limits.ts';
import { type Limits, MAX_VALIDATION_ERRORS } from './limits.ts';
import { accessCheck } from './plugins/access-check.ts';
import { errorLog } from './plugins/error-log.ts';
import { httpStatus } from './plugins/http-status.ts';
import { knownHere } from './plugins/known-here.ts';
import { limitCheck } from './plugins/limit-check.ts';
import { operationRecord } from './plugins/operation-record.ts';

export type GraphQLServerOptions = {
  readonly schema: GraphQLSchema;
  readonly plan: AccessPlan;
  readonly limits: Limits;
  /** Answer introspection, and name in errors what exists and which rule refused: for machines of developers. */
  readonly introspection: boolean;
  /** Resolves once this node knows all that was committed before. */
  readonly catchUp: () => Promise<void>;
};

/** Apollo Server with everything on that refuses, and everything off that tells more than was asked. */
export function createGraphQLServer({
  schema,
  plan,
  limits,
  introspection,
  catchUp,
}: GraphQLServerOptions): ApolloServer<GraphQLContext> {
  const operationLimits = createOperationLimits(limits);
  return new ApolloServer<GraphQLContext>({
    schema,
    introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: [operationLimits.rule, knownOperationTypes],
    // Not by `hideSchemaDetailsFromClientErrors`: its pattern takes 100 ms for a text that was made for it.
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS, hideSuggestions: !introspection },
    executionOptions: { maxCoercionErrors: MAX_VALIDATION_ERRORS },
    formatError: createErrorFormat({ tellSchema: introspection }),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      limitCheck(operationLimits),
      accessCheck(plan),
      knownHere(catchUp),
      operationRecord,
      errorLog,
      httpStatus,
    ],
  });
}
