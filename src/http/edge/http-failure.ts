import type { FastifyError } from 'fastify';
import { MASKED_MESSAGE } from '../../graphql/errors.ts';

/** What a client is told of a request that failed outside GraphQL: what it can mend, or nothing. */
export function toHttpFailure(error: FastifyError, bodyBytes: number) {
  const status = error.statusCode ?? 500;
  if (status === 413) {
    return {
      status,
      code: 'PAYLOAD_TOO_LARGE',
      message: `A body may have at most ${bodyBytes} bytes.`,
    } as const;
  }
  if (status === 415) {
    return { status, code: 'BAD_REQUEST', message: 'Send the request as application/json.' } as const;
  }
  if (status >= 400 && status < 500) {
    return { status: 400, code: 'BAD_REQUEST', message: 'The request cannot be read: is its body JSON?' } as const;
  }
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message: MASKED_MESSAGE } as const;
}
