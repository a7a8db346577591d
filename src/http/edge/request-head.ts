import type { FastifyReply, FastifyRequest } from 'fastify';
import { replyError } from '../error-reply.ts';

/** Bytes of request line and headers together: room for what clients add to the largest bearer token allowed. */
export const MAX_HEAD_BYTES = 32 * 1024;
const MAX_URL_CHARACTERS = 8 * 1024;
const MAX_HEADERS = 100;

/** A hook that refuses what Node's parser lets through: an address or a list of headers beyond bounds, no Host or several. */
export async function checkHead(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { url = '', rawHeaders, httpVersion } = request.raw;
  if (url.length > MAX_URL_CHARACTERS) return refuse(reply, 414, 'The address is too long.');
  if (rawHeaders.length > 2 * MAX_HEADERS) {
    return refuse(reply, 431, `A request may have at most ${MAX_HEADERS} headers.`);
  }
  // RFC 9112 §3.2. Two parties that each believe another Host disagree on whose request it is.
  const hosts = countHosts(rawHeaders);
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) return refuse(reply, 400, 'Send one Host header.');
  return undefined;
}

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return replyError(reply, status, { code: 'BAD_REQUEST', message });
}

function countHosts(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host')
    .length;
}
