import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { replyError } from '../error-reply.ts';
import { answerClientErrors } from './client-errors.ts';
import { CONNECTION_TIMINGS, type ConnectionTimings, limitConnections, toConnectionOptions } from './connections.ts';
import { meetExpectations } from './expectations.ts';
import { toHttpFailure } from './http-failure.ts';
import { replyNotFound } from './not-found.ts';
import { trackExchanges } from './open-exchanges.ts';
import { BARE_HEADERS } from './security-headers.ts';

export type FastifyOptions = {
  readonly log: FastifyBaseLogger;
  /** Bytes of a body at most, where a route says nothing else. */
  readonly bodyBytes: number;
  /** Addresses and ranges whose X-Forwarded-* headers are believed. Empty: none. */
  readonly trustedProxies: readonly string[];
  /** Open sockets at most; further ones are closed at once. */
  readonly maxConnections: number;
  /** Those left out are as in CONNECTION_TIMINGS. */
  readonly connectionTimings?: Partial<ConnectionTimings> | undefined;
};

/** Fastify without routes: whatever goes wrong in it, on the wire or in a handler, is answered in one form. */
export function createFastify(options: FastifyOptions): FastifyInstance {
  const { log, bodyBytes, trustedProxies, maxConnections } = options;
  const timings = { ...CONNECTION_TIMINGS, ...options.connectionTimings };
  const exchanges = trackExchanges();
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: bodyBytes,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    ...toConnectionOptions(timings),
    clientErrorHandler: answerClientErrors(log, exchanges),
    frameworkErrors: replyBadAddress,
    genReqId: toRequestId,
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failure = toHttpFailure(error, bodyBytes);
    if (failure.status === 500) request.log.error({ err: error }, 'failed');
    return replyError(reply, failure.status, failure);
  });
  app.setNotFoundHandler(replyNotFound);
  exchanges.watch(app.server);
  meetExpectations(app);
  limitConnections(app, maxConnections, timings);
  return app;
}

const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/;

function toRequestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

// No hook runs for an address that cannot be decoded.
function replyBadAddress(_error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.info({ reason: 'address' }, 'a request that cannot be read');
  return replyError(reply.headers({ ...BARE_HEADERS, 'x-request-id': request.id }), 400, {
    code: 'BAD_REQUEST',
    message: 'That address cannot be read.',
  });
}
