import type { FastifyReply } from 'fastify';
import type { AppError, ErrorCode } from '../errors.ts';

/**
 * RFC 6750 §3. One answer to every caller without a good credential, whatever was wrong with it and whatever was asked:
 * its bytes tell nothing.
 */
export function replyUnauthenticated(reply: FastifyReply): FastifyReply {
  return replyError(reply.header('www-authenticate', 'Bearer realm="tenantry"'), 401, {
    code: 'UNAUTHENTICATED',
    message: 'This needs a valid access token.',
  });
}

export function replyUnavailable(reply: FastifyReply, error: AppError): FastifyReply {
  return replyError(reply.header('retry-after', '2'), 503, error);
}

/** An answer in the form of GraphQL errors, given before GraphQL was reached. */
export function replyError(
  reply: FastifyReply,
  status: number,
  { code, message }: { readonly code: ErrorCode; readonly message: string },
): FastifyReply {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ errors: [{ message, extensions: { code } }] });
}
