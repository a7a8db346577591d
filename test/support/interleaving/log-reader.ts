import type { FastifyBaseLogger } from 'fastify';
import { createLogger } from '../../../src/observability/logger.ts';

export type LogCounts = {
  /** Rows the directives held back: the other nets had let them through. None is allowed. */
  readonly heldBack: readonly string[];
  /** How often something failed, by what the log says of it. */
  readonly failures: Readonly<Record<string, number>>;
};

export type LogReader = { readonly log: FastifyBaseLogger; tell(): LogCounts };

const HELD_BACK = 'was held back';

// In the words of PostgreSQL, pg and Prisma. The first that fits.
const CAUSES: readonly (readonly [cause: string, words: RegExp])[] = [
  ['session ended', /terminating connection|Connection terminated|ECONNRESET|EPIPE|not queryable/],
  ['statement timed out', /statement timeout/],
  ['transaction timed out', /Transaction API error|Transaction already closed/],
  ['no connection in time', /timeout exceeded when trying to connect/],
  ['failed at parse', /syntax error/],
  ['failed at bind', /invalid input syntax/],
  ['failed when run', /division by zero/],
  ['unique constraint', /Unique constraint/],
  ['foreign key', /Foreign key constraint/],
  ['row policy', /row-level security/],
];

/** The product's warnings and errors, counted and not kept: there are many of them. */
export function createLogReader(): LogReader {
  const heldBack: string[] = [];
  const failures: Record<string, number> = {};
  const write = (line: string) => {
    if (line.includes(HELD_BACK)) heldBack.push(line);
    const cause = CAUSES.find(([, words]) => words.test(line))?.[0] ?? 'another cause';
    failures[cause] = (failures[cause] ?? 0) + 1;
  };
  return { log: createLogger('warn', { write }), tell: () => ({ heldBack, failures }) };
}
