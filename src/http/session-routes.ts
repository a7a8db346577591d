import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { recordRefusal } from '../observability/request-record.ts';
import type { BrowserSessions } from '../sessions/browser-sessions.ts';
import type { Visitor } from '../sessions/context.ts';
import { SignInError } from '../sessions/provider.ts';
import type { SignInRequest } from '../sessions/sign-in.ts';
import { toAddress } from './address.ts';
import { replyError, replyRateLimited, replyUnauthenticated, replyUnavailable } from './error-reply.ts';
import { toAddressKey } from './rate-limits/keys.ts';
import type { RateLimits } from './rate-limits.ts';
import {
  clearSessionCookie,
  SESSION_COOKIE,
  setSessionCookie,
  setSignInCookie,
  takeSignInCookie,
} from './session/cookies.ts';
import { findForgery, isNoVisit, replyForgery } from './session/forgery.ts';
import { sendNotSignedIn, sendSignedIn, sendSignedOut } from './session/pages.ts';

export type SessionRoutesOptions = {
  readonly sessions: BrowserSessions;
  readonly rateLimits: Pick<RateLimits, 'address'>;
};

const MAX_RETURN_TO = 2_000;

const SignIn = z.object({
  // One that is of no use leads home.
  return_to: z.string().max(MAX_RETURN_TO).optional().catch(undefined),
  max_age: z
    .string()
    .regex(/^\d{1,8}$/)
    .transform(Number)
    .optional(),
  mfa: z.enum(['true', 'false']).optional(),
});
// What begins or ends something is not asked for its head.
const VISIT = {
  exposeHeadRoute: false,
  onRequest: async (request: FastifyRequest, reply: FastifyReply) =>
    isNoVisit(request) ? replyForgery(reply, 'session: not a visit') : undefined,
};
const Refresh = z.strictObject({ tenantId: z.uuid().nullish() }).nullish();

/** `/session`: how a browser signs in, stays so and signs out, without ever holding a token. */
export async function sessionRoutes(
  app: FastifyInstance,
  { sessions, rateLimits }: SessionRoutesOptions,
): Promise<void> {
  const { origins, returnOrigins } = sessions.settings;
  app.addHook('onRequest', async (request, reply) => {
    // Each of these asks the database or the pool, for whoever comes.
    const waitSeconds = (await rateLimits.address?.take(toAddressKey(request.ip))) ?? null;
    if (waitSeconds !== null) return replyRateLimited(reply, waitSeconds, 'address');
    const forgery = request.method === 'POST' ? findForgery(request, [...origins, ...returnOrigins]) : null;
    if (forgery !== null) return replyForgery(reply, forgery);
    const isAmbiguous = request.method === 'POST' && request.headers.authorization !== undefined;
    return isAmbiguous ? replyUnauthenticated(reply, 'authorization: beside a session cookie') : undefined;
  });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE') return replyUnavailable(reply, error);
    if (error instanceof AppError && error.code === 'NOT_FOUND') return replyError(reply, 404, error, error.reason);
    throw error;
  });

  const sendToPool = async (request: FastifyRequest, reply: FastifyReply, asked: SignInRequest) => {
    const { url, state, pending } = await sessions.beginSignIn(asked);
    if (setSignInCookie(request, reply, state, pending)) return reply.redirect(url.href, 303);
    // Its return address is too long to be kept.
    return sendToPool(request, reply, { ...asked, returnTo: undefined });
  };

  app.get('/session', async (request, reply) => {
    const id = request.cookies[SESSION_COOKIE];
    const session = id === undefined ? null : await sessions.find(id);
    const isPage = (request.headers.accept ?? '').includes('text/html');
    if (isPage) return session === null ? sendSignedOut(reply) : sendSignedIn(reply);
    return session === null
      ? { isSignedIn: false }
      : { isSignedIn: true, authenticatedAt: session.authenticatedAt, endsAt: session.endsAt };
  });

  app.get('/session/sign-in', VISIT, async (request, reply) => {
    const asked = SignIn.safeParse(request.query);
    if (!asked.success) return replyBadInput(reply, 'max_age is whole seconds, mfa is true or false.');
    const { return_to: returnTo, max_age: maxAgeSeconds = null, mfa } = asked.data;
    const demands = { maxAgeSeconds, mfa: mfa === 'true' };
    return sendToPool(request, reply, { ...demands, returnTo, origin: toOrigin(request, origins) });
  });

  app.get('/session/callback', VISIT, async (request, reply) => {
    const { search, searchParams } = new URL(request.url, origins[0]);
    const id = request.cookies[SESSION_COOKIE];
    const pending = takeSignInCookie(request, reply, searchParams.get('state') ?? '');
    try {
      const begun = await sessions.completeSignIn(toVisitor(request), { search, pending, id });
      if ('again' in begun) return await sendToPool(request, reply, begun.again);
      setSessionCookie(reply, begun.id);
      return await reply.redirect(begun.returnTo, 303);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      if (request.record) recordRefusal(request.record, 'UNAUTHENTICATED', error.message);
      return sendNotSignedIn(reply);
    }
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

function replyBadInput(reply: FastifyReply, message: string): FastifyReply {
  return replyError(reply, 400, { code: 'BAD_USER_INPUT', message });
}

/** Which of the server's names the browser came by: its cookies are of that one. */
function toOrigin({ headers }: FastifyRequest, origins: BrowserSessions['settings']['origins']): string {
  return origins.find((origin) => new URL(origin).host === headers.host) ?? origins[0];
}

function toVisitor({ id, ip }: FastifyRequest): Visitor {
  return { requestId: id, ip: toAddress(ip) };
}
