import { AppError, unavailable } from '../errors.ts';

// PostgreSQL, Appendix A: connection trouble, out of resources, shutting down, and a statement cancelled for its length.
const PASSING_SQLSTATES = /^(08...|53...|57P..|57014|25006|40001|40P01)$/;
const PASSING_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
// Prisma: cannot reach the server, timed out, pool timeout, transaction could not start or was closed.
const PASSING_PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034']);
// Errors of pg and pg-pool that carry a message and no code.
const PASSING_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|no answer within|connection is closed/i;

/** An error of the database as SERVICE_UNAVAILABLE when trying again may help; any other error as it came. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  return isPassing(error) ? unavailable(`database: ${error.message}`, error) : error;
}

/** A unique constraint said no, to Prisma or to plain SQL. */
export function isUniqueViolation(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'P2002' || code === '23505';
}

function isPassing(error: Error): boolean {
  const code = codeOf(error) ?? '';
  return (
    PASSING_SQLSTATES.test(code) ||
    PASSING_CODES.has(code) ||
    PASSING_PRISMA_CODES.has(code) ||
    PASSING_MESSAGES.test(error.message)
  );
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
