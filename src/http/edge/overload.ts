import type { FastifyInstance } from 'fastify';
import { unavailable } from '../../errors.ts';
import { replyUnavailable } from '../error-reply.ts';
import { watchEventLoop } from './event-loop.ts';

export type OverloadOptions = {
  /** Milliseconds the caller first in line has waited for a connection to the database; 0 while there is no line. */
  readonly databaseQueueMs: () => number;
  readonly onShed?: () => void;
  /** Those left out are as in OVERLOAD_TIMINGS. */
  readonly timings?: Partial<OverloadTimings> | undefined;
};

/** In milliseconds. */
export type OverloadTimings = {
  /** A request is refused when the turn of the event loop that reads it is older. It waited for the turn before, at most. */
  readonly maxTurnMs: number;
  /**
   * A request is refused once the first caller in line for a database connection has waited longer. The line is first come,
   * first served: a request that joins it waits at least as long.
   */
  readonly maxQueueMs: number;
};

/** Twice `maxTurnMs` is under a second, and so is `maxQueueMs`. */
export const OVERLOAD_TIMINGS: OverloadTimings = { maxTurnMs: 400, maxQueueMs: 500 };

/**
 * Refuses the requests of `app` with 503 and Retry-After, unread, while one more would wait about a second before any
 * work on it began. Connections not yet taken are out of sight: Node takes one a turn, so keep-alive in front is worth having.
 */
export function shedLoad(app: FastifyInstance, { databaseQueueMs, onShed, timings }: OverloadOptions): void {
  const { maxTurnMs, maxQueueMs } = { ...OVERLOAD_TIMINGS, ...timings };
  const eventLoop = watchEventLoop();
  app.addHook('onClose', async () => eventLoop[Symbol.dispose]());
  app.addHook('onRequest', async (request, reply) => {
    const isOverloaded = eventLoop.turnMs() > maxTurnMs || databaseQueueMs() > maxQueueMs;
    if (!isOverloaded) return undefined;
    onShed?.();
    request.log.debug('shed');
    return replyUnavailable(reply, unavailable('overload'));
  });
}
