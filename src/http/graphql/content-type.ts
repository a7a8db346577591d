import type { FastifyReply, FastifyRequest } from 'fastify';
import { replyError } from '../error-reply.ts';

// RFC 8259 §11: JSON has no other charset and its media type no parameters, but clients name the one they use.
const JSON_IN_UTF8 = /^application\/json[\t ]*(?:;[\t ]*charset=("?)utf-8\1[\t ]*)?$/i;

/**
 * A hook that refuses a body in any other form than plain JSON before it is read: nothing is converted, nothing inflated,
 * and no page of another origin can send one without asking first (CORS).
 */
export async function refuseOddContent(
  { method, raw, headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (method !== 'POST') return undefined;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    // RFC 9110 §15.5.16: what would have been taken.
    return refuse(reply.header('accept-encoding', 'identity'), 'Send the body as it is, without Content-Encoding.');
  }
  const types = raw.headersDistinct['content-type'] ?? [];
  const isJson = types.length === 1 && JSON_IN_UTF8.test(types[0] ?? '');
  return isJson ? undefined : refuse(reply, 'Send the body as application/json, in UTF-8.');
}

function refuse(reply: FastifyReply, message: string): FastifyReply {
  return replyError(reply, 415, { code: 'BAD_REQUEST', message });
}
