import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, ERROR_CODES, type ErrorCode } from '../errors.ts';

// What Apollo and graphql-js say by themselves, in the words of the contract.
const CODES_OF_APOLLO: Readonly<Record<string, ErrorCode>> = {
  GRAPHQL_PARSE_FAILED: 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED: 'GRAPHQL_VALIDATION_FAILED',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_REQUEST',
  OPERATION_RESOLUTION_FAILURE: 'BAD_REQUEST',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_REQUEST',
};

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that \d+ tokens/;

/** The answer to an error nobody foresaw. */
export const MASKED_MESSAGE = 'Something went wrong here. Try again; if it stays so, name the X-Request-Id to support.';

export type ErrorView = { readonly code: ErrorCode; readonly message: string };

/** What a client may know of an error: an AppError's own words, a fault in his document, or nothing at all. */
export function toErrorView(error: unknown): ErrorView {
  const original = unwrapResolverError(error);
  if (original instanceof AppError) return { code: original.code, message: original.message };
  if (original instanceof GraphQLError) return toDocumentErrorView(original);
  return { code: 'INTERNAL_SERVER_ERROR', message: MASKED_MESSAGE };
}

function toDocumentErrorView(error: GraphQLError): ErrorView {
  if (TOO_MANY_TOKENS.test(error.message)) {
    return { code: 'OPERATION_LIMIT_EXCEEDED', message: 'The document has too many tokens.' };
  }
  const code = CODES_OF_APOLLO[String(error.extensions['code'])];
  return code ? { code, message: error.message } : { code: 'INTERNAL_SERVER_ERROR', message: MASKED_MESSAGE };
}

/** Apollo's last step before an error is sent. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { code, message } = toErrorView(error);
  const { path, locations } = formatted;
  return { message, ...(locations && { locations }), ...(path && { path }), extensions: { code } };
}

/** An error that refuses a whole request, for Apollo to send. */
export function toGraphQLError(error: AppError): GraphQLError {
  return new GraphQLError(error.message, { originalError: error, extensions: { code: error.code } });
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return ERROR_CODES.some((known) => known === code);
}
