import { z } from 'zod';
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
  return toCodes(error).includes('23505');
}

function isPassing(error: Error): boolean {
  return (
    PASSING_MESSAGES.test(error.message) ||
    toCodes(error).some(
      (code) => PASSING_SQLSTATES.test(code) || PASSING_CODES.has(code) || PASSING_PRISMA_CODES.has(code),
    )
  );
}

const Coded = z.object({ code: z.string() });
const FromPrisma = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }) }),
});

/** The error's own code, and the SQLSTATE that Prisma keeps behind its own. */
function toCodes(error: unknown): string[] {
  const own = Coded.safeParse(error);
  const behind = FromPrisma.safeParse(error);
  return [
    ...(own.success ? [own.data.code] : []),
    ...(behind.success ? [behind.data.meta.driverAdapterError.cause.originalCode] : []),
  ];
}
