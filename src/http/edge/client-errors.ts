import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { toErrorBody } from '../error-reply.ts';
import type { Exchange, OpenExchanges } from './open-exchanges.ts';
import { MAX_HEAD_BYTES } from './request-head.ts';
import { BARE_HEADERS } from './security-headers.ts';

type ClientError = Error & { readonly code: string };

const UNREADABLE = [400, 'The request is not HTTP as this service reads it.'] as const;

const ANSWERS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, `The head of a request may have at most ${MAX_HEAD_BYTES} bytes.`],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
};

/**
 * Answers what Node's parser refuses, before there is a request: in the form of every other error, and the connection
 * ends. Nothing is said where it would be taken for the answer to another request, nor to a client who said nothing.
 */
export function answerClientErrors(log: FastifyBaseLogger, exchanges: OpenExchanges) {
  return (error: ClientError, socket: Socket): void => {
    const open = exchanges.of(socket);
    if (!socket.writable || socket.bytesRead === 0 || open.length > 1 || !open.every(isBeingRead)) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    log.info({ requestId, reason: error.code }, 'a request that cannot be read');
    socket.write(toAnswer(error.code, requestId));
    socket.destroySoon();
  };
}

// The error is then in this very request's body, and nothing of its answer has been sent.
function isBeingRead({ request, response }: Exchange): boolean {
  return !request.complete && !response.headersSent;
}

function toAnswer(errorCode: string, requestId: string): string {
  const [status, message] = ANSWERS[errorCode] ?? UNREADABLE;
  const body = JSON.stringify(toErrorBody({ code: 'BAD_REQUEST', message }));
  const headers = {
    ...BARE_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}
