/**
 * The closed set of codes a client may see in `extensions.code`. Each has a page in docs/errors.
 * What is not one of these is answered as INTERNAL_SERVER_ERROR, with its text kept in the log.
 */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'TOKEN_STALE',
  'FORBIDDEN',
  'STEP_UP_REQUIRED',
  'TENANT_REQUIRED',
  'TENANT_SUSPENDED',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'RATE_LIMITED',
  'PAYLOAD_TOO_LARGE',
  'OPERATION_LIMIT_EXCEEDED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export type AppErrorOptions = {
  /** Why, for the log: what is missing, which row. Never sent to a client. */
  readonly reason?: string;
  /** The rule of the schema that was not met, as SDL: for the log, and for a client in development alone. */
  readonly rule?: string | undefined;
  /** What a client is told in `extensions` beside the code. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whole seconds after which it may be tried again: the header Retry-After. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
};

/**
 * An outcome a client is told about. `message` and `details` are public, and the message reads as a sentence that helps;
 * `reason`, `rule` and `cause` are for the log.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly rule: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.reason = options.reason;
    this.rule = options.rule;
    this.details = options.details ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Something start-up refuses, told in one line that says what to do. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

export function unauthenticated(reason: string, rule?: string): AppError {
  return new AppError('UNAUTHENTICATED', 'This needs a valid access token.', { reason, rule });
}

export function forbidden(reason: string, rule?: string): AppError {
  return new AppError('FORBIDDEN', 'You may not do this.', { reason, rule });
}

/** One text for a row that does not exist and for a row of another tenant: the two must not be told apart. */
export function notFound(reason: string, rule?: string): AppError {
  return new AppError('NOT_FOUND', 'There is nothing here by that id.', { reason, rule });
}

export function tenantRequired(reason: string, rule?: string): AppError {
  const message = 'Your token names no tenant. Create one or be added to one, then refresh the token.';
  return new AppError('TENANT_REQUIRED', message, { reason, rule });
}

export function tenantSuspended(reason: string, rule?: string): AppError {
  const message =
    'Your tenant is suspended or being deleted. Only what is your own still works: switch to another tenant.';
  return new AppError('TENANT_SUSPENDED', message, { reason, rule });
}

export function badUserInput(message: string, reason?: string): AppError {
  return new AppError('BAD_USER_INPUT', message, reason === undefined ? {} : { reason });
}

export function conflict(message: string, reason?: string): AppError {
  return new AppError('CONFLICT', message, reason === undefined ? {} : { reason });
}

/** RFC 6585 §4. One text for every limit: `reason` says which, to the log. */
export function rateLimited(retryAfterSeconds: number, reason: string): AppError {
  const message = 'These are too many requests. Try again after the seconds that Retry-After names.';
  return new AppError('RATE_LIMITED', message, { reason, retryAfterSeconds });
}

export function unavailable(reason: string, cause?: unknown): AppError {
  return new AppError('SERVICE_UNAVAILABLE', 'The service cannot answer just now. Try again shortly.', {
    reason,
    cause,
  });
}
