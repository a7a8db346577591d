import type { FastifyReply, FastifyRequest } from 'fastify';
import { replyError } from '../error-reply.ts';

/** A header no page of another origin can send without asking first (CORS), and no form at all. */
export const FORGERY_HEADER = 'x-csrf-protection';

/**
 * What is wrong with a request that comes with a cookie, which a browser sends whoever made it ask; null for nothing. OWASP,
 * Cross-Site Request Forgery Prevention: a custom header, and an Origin that is one of ours.
 */
export function findForgery({ method, headers }: FastifyRequest, origins: readonly string[]): string | null {
  if (method !== 'POST') return 'session: with another method than POST';
  if (headers[FORGERY_HEADER] === undefined) return `session: without ${FORGERY_HEADER}`;
  if (headers.origin === undefined || !origins.includes(headers.origin)) return 'session: from another origin';
  return null;
}

/** True for a page's script or image where only a person goes; browsers without the header are not told apart. Fetch Metadata. */
export function isNoVisit({ headers }: FastifyRequest): boolean {
  const destination = headers['sec-fetch-dest'];
  return destination !== undefined && destination !== 'document';
}

const MESSAGE =
  'A request with a session cookie is sent by POST, with the header X-CSRF-Protection: 1, from a page of an allowed origin.';

export function replyForgery(reply: FastifyReply, reason: string): FastifyReply {
  return replyError(reply, 403, { code: 'FORBIDDEN', message: MESSAGE }, reason);
}
