import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, unavailable } from '../../errors.ts';
import type { BrowserSessions } from '../../sessions/browser-sessions.ts';
import { replyInvalidToken, replyUnavailable } from '../error-reply.ts';
import { clearSessionCookie, setSessionCookie } from './cookies.ts';
import { findForgery, replyForgery } from './forgery.ts';

/** The tokens behind a session cookie, or the answer where there are none. A new id goes out with the answer. */
export async function openSession(
  { settings, findCredential }: BrowserSessions,
  id: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ readonly token: string; readonly idToken: string } | { readonly answered: FastifyReply }> {
  const forgery = findForgery(request, settings.allowedOrigins);
  if (forgery !== null) return { answered: replyForgery(reply, forgery) };
  try {
    const found = await findCredential(id);
    if (typeof found === 'string') {
      // No script can take it away, and without it public fields are answered again.
      clearSessionCookie(reply);
      return { answered: replyInvalidToken(reply, found) };
    }
    if (found.id !== null) setSessionCookie(reply, found.id);
    return { token: found.tokens.access, idToken: found.tokens.id };
  } catch (error) {
    const failure = error instanceof AppError ? error : unavailable('session: could not be told', error);
    return { answered: replyUnavailable(reply, failure) };
  }
}
