import { z } from 'zod';
import { AppError, unavailable } from '../errors.ts';

// PostgreSQL, Appendix A: connection trouble, a login or a database that is not there just now, out of resources, shutting
// down, a statement or a lock given up for its length, read-only, an ended session, a conflict, trouble of the disk.
const PASSING_SQLSTATES = /^(08...|28...|3D000|53...|57P..|57014|55P03|25006|25P0[34]|40001|40P01|58...)$/;
// Node's codes of a socket or a name server that failed.
const PASSING_CODES =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EMFILE|ENFILE)$/;
// Prisma: cannot reach the server or log in, timed out, pool timeout, transaction could not start or was closed, conflict,
// too many connections.
const PASSING_PRISMA_CODES = /^(P100[0-38]|P101[017]|P2024|P2028|P2034|P2037)$/;
// What Prisma's driver adapter makes of an error of the socket, which has no SQLSTATE.
const PASSING_KINDS = /^(ConnectionClosed|DatabaseNotReachable|SocketTimeout|TlsConnectionError)$/;
// Errors of pg and pg-pool that carry a message and no code.
const PASSING_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|no answer within|connection is closed|is not queryable|after calling end on the pool/i;

/** An error of the database as SERVICE_UNAVAILABLE when trying again may help; any other error as it came. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  return isPassing(error) ? unavailable(`database: ${error.message}`, error) : error;
}

/** A unique constraint said no, to Prisma or to plain SQL. */
export function isUniqueViolation(error: unknown): boolean {
  return toCodes(error).includes('23505');
}

/** A row that is referred to is not there any more. */
export function isForeignKeyViolation(error: unknown): boolean {
  return toCodes(error).includes('23503');
}

const PASSING = [PASSING_SQLSTATES, PASSING_CODES, PASSING_PRISMA_CODES, PASSING_KINDS];

function isPassing(error: Error): boolean {
  if (PASSING_MESSAGES.test(error.message)) return true;
  return toCodes(error).some((code) => PASSING.some((pattern) => pattern.test(code)));
}

const Coded = z.object({ code: z.string() });
const Driven = z.object({ cause: z.object({ originalCode: z.string().optional(), kind: z.string().optional() }) });
const FromPrisma = z.object({ meta: z.object({ driverAdapterError: Driven }) });

/**
 * The error's own code, and what the driver said: Prisma keeps it behind a code of its own, and hands it on bare where a
 * transaction begins or ends.
 */
function toCodes(error: unknown): string[] {
  const own = Coded.safeParse(error).data?.code;
  const driven = FromPrisma.safeParse(error).data?.meta.driverAdapterError ?? Driven.safeParse(error).data;
  return [own, driven?.cause.originalCode, driven?.cause.kind].filter((code) => code !== undefined);
}
