import { pino } from 'pino';
import { toLoggedError } from './logged-error.ts';
import { scrub } from './scrub.ts';

type Log = { (details: object, message?: string): void; (message: string): void };

/** The part of a pino logger that everything below HTTP may use. */
export type Logger = { readonly [Level in 'debug' | 'info' | 'warn' | 'error']: Log };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

// Written together and aside: a line costs a request no system call, and a slow reader of the log holds nobody up.
const STDOUT = {
  sync: false,
  minLength: 4_096,
  periodicFlush: 100,
  /** Bytes that wait while the reader stands still; further lines are dropped. */
  maxLength: 8 * 1024 * 1024,
};

/** JSON lines on stdout, a tenth of a second late at most, without what authenticates anybody wherever it might turn up. */
export function createLogger(level: LogLevel, destination?: { write(line: string): void }) {
  const options = {
    level,
    serializers: { err: (error: unknown) => toLoggedError(error) },
    // Whatever stands there, text or not. Text under such a name further down is found by scrub(), at a quarter of the price.
    redact: ['authorization', 'cookie', 'password', 'secret', 'token'],
    hooks: { streamWrite: scrub },
  };
  return pino(options, destination ?? pino.destination(STDOUT));
}
