import type { ApolloServerPlugin, GraphQLRequestContextDidEncounterErrors } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import { AppError, type ErrorCode } from '../../errors.ts';
import { recordRefusal } from '../../observability/request-record.ts';
import type { GraphQLContext } from '../context.ts';
import { tellOnce, toErrorView } from '../errors.ts';
import { fieldOf } from '../field-of.ts';
import { logRefusal } from '../refusal-log.ts';

const OUR_FAULT: readonly ErrorCode[] = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE'];
const REFUSALS: readonly ErrorCode[] = [
  'UNAUTHENTICATED',
  'TOKEN_STALE',
  'FORBIDDEN',
  'STEP_UP_REQUIRED',
  'TENANT_REQUIRED',
  'TENANT_SUSPENDED',
  'NOT_FOUND',
  'RATE_LIMITED',
];

type Encountered = GraphQLRequestContextDidEncounterErrors<GraphQLContext>;

/** Keeps in the log what the client is not told: the reason of a refusal, the cause of a failure. */
export const errorLog: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    didEncounterErrors: async (request) => {
      for (const error of tellOnce(request.errors, (error) => toErrorView(error).code)) logError(request, error);
    },
  }),
};

function logError(request: Encountered, error: GraphQLError): void {
  const { record, log } = request.contextValue;
  const original = unwrapResolverError(error);
  const { code } = toErrorView(error);
  const reason = original instanceof AppError ? original.reason : undefined;
  recordRefusal(record, code, reason);
  // Response keys are the caller's own words, as long as he likes.
  const path = error.path?.join('.').slice(0, 200);
  if (OUR_FAULT.includes(code)) log.error({ path, err: original }, 'failed');
  else if (original instanceof GraphQLError) log.debug({ path, code, err: original }, 'not valid');
  else if (original instanceof AppError && REFUSALS.includes(code)) logRefused(request, error, original);
  else log.debug({ path, code, reason }, 'not accepted');
}

function logRefused(request: Encountered, { path = [], nodes }: GraphQLError, refusal: AppError): void {
  const { contextValue, schema, document } = request;
  const { code, rule = null, reason = refusal.message } = refusal;
  const field = document ? fieldOf(schema, document, nodes?.[0]) : null;
  logRefusal(contextValue, { net: rule === null ? 'domain' : 'directive', path, field, code, rule, reason });
}
