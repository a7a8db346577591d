import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { BrowserSessions } from '../sessions/browser-sessions.ts';
import { replyBadInput, replyError, replyRateLimited, replyUnauthenticated, replyUnavailable } from './error-reply.ts';
import { toAddressKey } from './rate-limits/keys.ts';
import type { RateLimits } from './rate-limits.ts';
import { clearSessionCookie, SESSION_COOKIE, setSessionCookie } from './session/cookies.ts';
import { findForgery, replyForgery } from './session/forgery.ts';
import { sendSignedIn, sendSignedOut } from './session/pages.ts';
import { signInRoutes } from './session/sign-in-routes.ts';
import { toVisitor } from './session/visitor.ts';

export type SessionRoutesOptions = {
  readonly sessions: BrowserSessions;
  readonly rateLimits: Pick<RateLimits, 'address'>;
};

const Refresh = z.strictObject({ tenantId: z.uuid().nullish() }).nullish();

/** `/session`: how a browser signs in, stays so and signs out, without ever holding a token. */
export async function sessionRoutes(
  app: FastifyInstance,
  { sessions, rateLimits }: SessionRoutesOptions,
): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    // Each of these asks the database or the pool, for whoever comes.
    const waitSeconds = (await rateLimits.address?.take(toAddressKey(request.ip))) ?? null;
    if (waitSeconds !== null) return replyRateLimited(reply, waitSeconds, 'address');
    if (request.method !== 'POST') return undefined;
    const forgery = findForgery(request, sessions.settings.allowedOrigins);
    if (forgery !== null) return replyForgery(reply, forgery);
    const isBoth = request.headers.authorization !== undefined;
    return isBoth ? replyUnauthenticated(reply, 'authorization: beside a session cookie') : undefined;
  });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE') return replyUnavailable(reply, error);
    if (error instanceof AppError && error.code === 'NOT_FOUND') return replyError(reply, 404, error, error.reason);
    throw error;
  });
  await app.register(signInRoutes, { sessions });

  app.get('/session', async (request, reply) => {
    const id = request.cookies[SESSION_COOKIE];
    const session = id === undefined ? null : await sessions.find(id);
    const isPage = (request.headers.accept ?? '').includes('text/html');
    if (isPage) return session === null ? sendSignedOut(reply) : sendSignedIn(reply);
    return session === null
      ? { isSignedIn: false }
      : { isSignedIn: true, authenticatedAt: session.authenticatedAt, endsAt: session.endsAt };
  });

  app.post('/session/refresh', async (request, reply) => {
    const asked = Refresh.safeParse(request.body);
    if (!asked.success) return replyBadInput(reply, 'Send {} as JSON, or the id of a tenant in it as tenantId.');
    const id = request.cookies[SESSION_COOKIE];
    const refreshed =
      id === undefined ? 'session: no cookie' : await sessions.refresh(id, asked.data?.tenantId ?? null);
    if (typeof refreshed === 'string') return replyUnauthenticated(reply, refreshed);
    if (refreshed.id !== null) setSessionCookie(reply, refreshed.id);
    return { expiresAt: refreshed.expiresAt, tenantId: refreshed.tenantId };
  });

  app.post('/session/sign-out', async (request, reply) => {
    const url = await sessions.signOut(toVisitor(request), request.cookies[SESSION_COOKIE]);
    clearSessionCookie(reply);
    return { signOutUrl: url.href };
  });
}
