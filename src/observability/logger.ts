import { pino } from 'pino';

type Log = { (details: object, message?: string): void; (message: string): void };

/** The part of a pino logger that everything below HTTP may use. */
export type Logger = { readonly [Level in 'debug' | 'info' | 'warn' | 'error']: Log };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines on stdout, with what identifies or authenticates anybody taken out wherever it might turn up. */
export function createLogger(level: LogLevel) {
  return pino({
    level,
    redact: {
      paths: ['*.authorization', '*.token', '*.secret', '*.password', 'req.headers', 'err.config', 'err.rawJwt'],
      remove: true,
    },
  });
}
