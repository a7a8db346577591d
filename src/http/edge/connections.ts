import type { FastifyInstance } from 'fastify';
import { MAX_HEAD_BYTES } from './request-head.ts';

/** In milliseconds. */
export type ConnectionTimings = {
  /** The head of a request arrives within this time, counted from its first byte or from the opening of the connection. */
  readonly headersMs: number;
  /** The whole request arrives within this time. */
  readonly requestMs: number;
  /** Between two checks of all open connections: the two limits above are enforced at most so much later. */
  readonly checkMs: number;
  /** The client reads an answer within this time. */
  readonly answerMs: number;
  /** A connection may stay open between two requests for so long. */
  readonly idleMs: number;
};

/** A client that sends nothing, or sends or reads slowly, is closed within 10 s. */
export const CONNECTION_TIMINGS: ConnectionTimings = {
  headersMs: 5_000,
  requestMs: 8_000,
  checkMs: 1_000,
  answerMs: 8_000,
  // Longer than the 60 s an AWS load balancer keeps a connection idle: the side that sends must be the first to close.
  idleMs: 65_000,
};

/** The bounds on a connection as options of Fastify and Node. */
export function toConnectionOptions({ headersMs, requestMs, checkMs, idleMs }: ConnectionTimings) {
  return {
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    http: {
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: checkMs,
      insecureHTTPParser: false,
      // Answered by checkHead, in the form of every other error.
      requireHostHeader: false,
    },
  } as const;
}

/**
 * Bounds how many connections there are, and how long a client may take to read an answer. Not by the socket's own
 * timeout: whoever sends a byte now and then while he reads nothing would start it anew.
 */
export function limitConnections(
  app: FastifyInstance,
  maxConnections: number,
  { answerMs }: Pick<ConnectionTimings, 'answerMs'>,
): void {
  app.server.maxConnections = maxConnections;
  app.addHook('onSend', (_request, { raw }, _payload, done) => {
    const timer = setTimeout(() => raw.destroy(), answerMs);
    raw.once('close', () => clearTimeout(timer));
    done();
  });
}
