import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toErrorBody } from '../error-reply.ts';
import { BARE_HEADERS } from './security-headers.ts';

const MESSAGE = 'Send the request without Expect, or with 100-continue.';

// An HTTP/1.0 client cannot expect anything (RFC 9110 §10.1.1).
const isWaiting = ({ headers, raw }: FastifyRequest) => headers.expect !== undefined && raw.httpVersion === '1.1';

/**
 * RFC 9110 §10.1.1: whoever waits to be told to send a body is told so once it is going to be read, and not before his
 * credential held; what else is expected is refused. Node would answer both by itself, before any hook.
 */
export function meetExpectations(app: FastifyInstance): void {
  app.server.on('checkContinue', (request, response) => app.server.emit('request', request, response));
  app.addHook('onRequest', (request, reply, done) => {
    // Refused before its body, the next bytes could be either that body or another request.
    if (isWaiting(request)) reply.header('connection', 'close');
    done();
  });
  app.addHook('preParsing', (request, reply, _payload, done) => {
    if (isWaiting(request)) reply.removeHeader('connection').raw.writeContinue();
    done();
  });
  app.server.on('checkExpectation', (_request, response) => {
    const requestId = randomUUID();
    app.log.info({ requestId, reason: 'expect' }, 'a request that cannot be read');
    const body = JSON.stringify(toErrorBody({ code: 'BAD_REQUEST', message: MESSAGE }));
    response
      .writeHead(417, {
        ...BARE_HEADERS,
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'x-request-id': requestId,
        connection: 'close',
      })
      .end(body);
  });
}
