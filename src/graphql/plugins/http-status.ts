import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { AppError, type ErrorCode } from '../../errors.ts';
import { CHALLENGES } from '../../identity/challenge.ts';
import type { GraphQLContext } from '../context.ts';
import { isErrorCode } from '../errors.ts';

// Codes that mean the same to every client and proxy, whatever media type they speak.
const STATUS_OF_CODE: Partial<Readonly<Record<ErrorCode, number>>> = {
  TOKEN_STALE: 401,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
};

// RFC 9110 §15.5.2 and RFC 6750 §3.1.
const CHALLENGE_OF_STATUS: Readonly<Record<number, string>> = {
  401: CHALLENGES.invalidToken,
  403: CHALLENGES.insufficientScope,
};

const RETRY_AFTER_SECONDS = 2;

/**
 * The status of an answer. A request refused before execution is 200 in `application/json` and 4xx in
 * `application/graphql-response+json`: GraphQL over HTTP, 6.4.
 */
export const httpStatus: ApolloServerPlugin<GraphQLContext> = {
  requestDidStart: async () => ({
    willSendResponse: async (request) => {
      const { body, http } = request.response;
      if (body.kind !== 'single' || body.singleResult.errors === undefined) return;
      const codes = body.singleResult.errors.map(({ extensions }) => extensions?.['code']).filter(isErrorCode);
      const status = codes.map((code) => STATUS_OF_CODE[code]).find((known) => known !== undefined);
      // 405 names the one thing that would help: another method.
      if (http.status === 405) return;
      if (status === 503 || status === 429) http.headers.set('retry-after', String(toRetryAfter(request)));
      if (status !== undefined) http.status = status;
      else if (body.singleResult.data === undefined) http.status = toRefusalStatus(request, codes);
      const challenge = CHALLENGE_OF_STATUS[http.status ?? 200];
      if (challenge) http.headers.set('www-authenticate', challenge);
    },
  }),
};

/** The longest that any of its errors asks to wait. */
function toRetryAfter({ errors = [] }: GraphQLRequestContext<GraphQLContext>): number {
  const waits = errors
    .map(unwrapResolverError)
    .map((error) => (error instanceof AppError && error.retryAfterSeconds) || 0);
  return Math.max(RETRY_AFTER_SECONDS, ...waits);
}

function toRefusalStatus({ request }: GraphQLRequestContext<GraphQLContext>, codes: readonly ErrorCode[]): number {
  const accept = request.http?.headers.get('accept') ?? '';
  if (!accept.includes('application/graphql-response+json')) return 200;
  return codes.includes('FORBIDDEN') ? 403 : 400;
}
