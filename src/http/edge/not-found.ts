import type { FastifyReply, FastifyRequest } from 'fastify';
import { replyError } from '../error-reply.ts';

const METHODS = ['GET', 'HEAD', 'POST'] as const;

/** 404; at an address that answers other methods 405, which names them (RFC 9110 §15.5.6). */
export function replyNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?', 1);
  const allowed = METHODS.filter((method) => request.server.hasRoute({ method, url: path }));
  if (allowed.length === 0) {
    return replyError(reply, 404, { code: 'NOT_FOUND', message: 'There is nothing at this address.' });
  }
  const message = `This address answers ${allowed.join(' and ')} only.`;
  return replyError(reply.header('allow', allowed.join(', ')), 405, { code: 'BAD_REQUEST', message });
}
