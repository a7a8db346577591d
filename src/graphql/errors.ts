import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLErrorOptions, type GraphQLFormattedError } from 'graphql';
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

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that (\d+) tokens/;
const SUGGESTION = ' Did you mean ';

// What Apollo says to whoever runs it, in words for whoever calls.
const OWN_WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /^GraphQL introspection is not allowed/,
    'Introspection is off here; docs/schema.graphql of Tenantry is the contract.',
  ],
  [
    /^This operation has been blocked as a potential Cross-Site/,
    'Send the header Apollo-Require-Preflight with a GET.',
  ],
  [/^GraphQL operations must contain a non-empty/, 'Send a document as `query`.'],
];

/** Characters of a message at most: it may quote what was sent, and an answer is not to outgrow its request. */
const MAX_MESSAGE = 500;

/** The answer to an error nobody foresaw. */
export const MASKED_MESSAGE = 'Something went wrong here. Try again; if it stays so, name the X-Request-Id to support.';

export type ErrorView = {
  readonly code: ErrorCode;
  readonly message: string;
  /** Beside the code in `extensions`. */
  readonly details?: AppError['details'];
  /** The rule of the schema that refused, for whoever writes a client: development alone. */
  readonly rule?: string;
};

/** What a client may know of an error: an AppError's own words, a fault in his document, or nothing at all. */
export function toErrorView(error: unknown): ErrorView {
  const original = unwrap(error);
  if (original instanceof AppError) return toAppErrorView(original);
  if (original instanceof GraphQLError) return toDocumentErrorView(original);
  return { code: 'INTERNAL_SERVER_ERROR', message: MASKED_MESSAGE };
}

// What a rule refuses as NOT_FOUND is to look like what is not there.
function toAppErrorView({ code, message, details, rule }: AppError): ErrorView {
  return { code, message, details, ...(rule !== undefined && code !== 'NOT_FOUND' && { rule }) };
}

// Apollo unwraps what resolvers threw; a refusal of a whole request comes from none and has no path.
function unwrap(error: unknown): unknown {
  const isRefusal = error instanceof GraphQLError && error.originalError instanceof AppError;
  return isRefusal ? error.originalError : unwrapResolverError(error);
}

function toDocumentErrorView(error: GraphQLError): ErrorView {
  const tokens = TOO_MANY_TOKENS.exec(error.message)?.[1];
  if (tokens !== undefined) {
    const message = `The document has more than ${tokens} tokens; no more are allowed.`;
    return { code: 'OPERATION_LIMIT_EXCEEDED', message };
  }
  const code = CODES_OF_APOLLO[String(error.extensions['code'])];
  const message = OWN_WORDS.find(([pattern]) => pattern.test(error.message))?.[1] ?? error.message;
  return code ? { code, message } : { code: 'INTERNAL_SERVER_ERROR', message: MASKED_MESSAGE };
}

/** Apollo's last step before an error is sent. `tellSchema`: messages suggest names that exist, and refusals name their rule. */
export function createErrorFormat({ tellSchema }: { readonly tellSchema: boolean }) {
  return ({ path, locations }: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { code, message, details, rule } = toErrorView(error);
    const told = tellSchema ? message : withoutSuggestion(message);
    const extensions = { code, ...details, ...(tellSchema && rule !== undefined && { rule }) };
    return { message: shorten(told), ...(locations && { locations }), ...(path && { path }), extensions };
  };
}

function shorten(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE - 1)}…` : message;
}

// graphql-js can be told to leave these out of validation, but Apollo cannot tell it for variables.
function withoutSuggestion(message: string): string {
  const at = message.endsWith('?') ? message.lastIndexOf(SUGGESTION) : -1;
  return at === -1 ? message : message.slice(0, at);
}

/** A refusal for its size alone, where there is one: it is repeated among the errors to end validation early. */
export function tellOnce<Told>(errors: readonly Told[], codeOf: (error: Told) => unknown): readonly Told[] {
  const refusal = errors.find((error) => codeOf(error) === 'OPERATION_LIMIT_EXCEEDED');
  return refusal === undefined ? errors : [refusal];
}

/** An error that refuses a whole request, for Apollo to send; `place` is what in it is refused. */
export function toGraphQLError(error: AppError, place: Pick<GraphQLErrorOptions, 'path' | 'nodes'> = {}): GraphQLError {
  return new GraphQLError(error.message, { ...place, originalError: error, extensions: { code: error.code } });
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return ERROR_CODES.some((known) => known === code);
}
