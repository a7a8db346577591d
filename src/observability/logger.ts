import { pino } from 'pino';

type Log = { (details: object, message?: string): void; (message: string): void };

/** The part of a pino logger that everything below HTTP may use. */
export type Logger = { readonly [Level in 'debug' | 'info' | 'warn' | 'error']: Log };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

type LoggedError = {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly stack?: string | undefined;
  readonly cause?: LoggedError;
};

/** JSON lines on stdout, without what authenticates anybody wherever it might turn up. */
export function createLogger(level: LogLevel, destination?: { write(line: string): void }) {
  const options = {
    level,
    serializers: { err: toLoggedError },
    redact: { paths: ['authorization', 'token', 'secret', 'password', '*.authorization', '*.token', '*.secret'] },
  };
  return destination ? pino(options, destination) : pino(options);
}

// Named member by member: drivers hang whole clients on their errors, with keys, parameters and the text of statements.
function toLoggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    ...('reason' in error && { reason: error.reason }),
    ...(error.cause === undefined ? { stack: error.stack } : { cause: toLoggedError(error.cause) }),
  };
}
