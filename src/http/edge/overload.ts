import type { FastifyInstance } from 'fastify';
import { unavailable } from '../../errors.ts';
import { replyUnavailable } from '../error-reply.ts';
import { watchEventLoop } from './event-loop.ts';

export type OverloadOptions = {
  /** Milliseconds the caller first in line has waited for a connection to the database; 0 while there is no line. */
  readonly databaseQueueMs: () => number;
  readonly onShed?: () => void;
};

// A request waits at most for the turn before its own and its place within its own: two of these are under a second.
const MAX_TURN_MS = 400;
// The line is first come, first served: who joins it waits at least as long as its head has, and while it grows, longer.
const MAX_QUEUE_MS = 500;

/**
 * Refuses the requests of `app` with 503 and Retry-After, unread, while one more would wait about a second before any
 * work on it began. Connections not yet taken are out of sight: Node takes one a turn, so keep-alive in front is worth having.
 */
export function shedLoad(app: FastifyInstance, { databaseQueueMs, onShed }: OverloadOptions): void {
  const eventLoop = watchEventLoop();
  app.addHook('onClose', async () => eventLoop[Symbol.dispose]());
  app.addHook('onRequest', async (request, reply) => {
    const isOverloaded = eventLoop.turnMs() > MAX_TURN_MS || databaseQueueMs() > MAX_QUEUE_MS;
    if (!isOverloaded) return undefined;
    onShed?.();
    request.log.debug('shed');
    return replyUnavailable(reply, unavailable('overload'));
  });
}
