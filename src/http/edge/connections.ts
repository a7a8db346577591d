import type { FastifyInstance } from 'fastify';
import { MAX_HEAD_BYTES } from './request-head.ts';

const HEADERS_MS = 5_000;
const REQUEST_MS = 8_000;
const CHECK_MS = 1_000;
const ANSWER_MS = 8_000;
// Longer than the 60 s an AWS load balancer keeps a connection idle: the side that sends must be the first to close.
const IDLE_MS = 65_000;

/**
 * What a connection may take, as Fastify and Node are told it: a client that says nothing, or says it slowly, is closed
 * within 10 s, and an idle connection that has been of use after 66.
 */
export const CONNECTION_OPTIONS = {
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: IDLE_MS,
  forceCloseConnections: 'idle',
  return503OnClosing: false,
  http: {
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: CHECK_MS,
    insecureHTTPParser: false,
    // Answered by checkHead, in the form of every other error.
    requireHostHeader: false,
  },
} as const;

/**
 * Bounds how many connections there are, and how long a client may take to read an answer. Not by the socket's own
 * timeout: whoever sends a byte now and then while he reads nothing would start it anew.
 */
export function limitConnections(app: FastifyInstance, maxConnections: number): void {
  app.server.maxConnections = maxConnections;
  app.addHook('onSend', (_request, { raw }, _payload, done) => {
    const timer = setTimeout(() => raw.destroy(), ANSWER_MS);
    raw.once('close', () => clearTimeout(timer));
    done();
  });
}
