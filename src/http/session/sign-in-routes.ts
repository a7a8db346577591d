import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordRefusal } from '../../observability/request-record.ts';
import type { BrowserSessions } from '../../sessions/browser-sessions.ts';
import { SignInError } from '../../sessions/provider.ts';
import type { SignInRequest } from '../../sessions/sign-in.ts';
import { replyBadInput } from '../error-reply.ts';
import { SESSION_COOKIE, setSessionCookie, setSignInCookie, takeSignInCookie } from './cookies.ts';
import { isNoVisit, replyForgery } from './forgery.ts';
import { sendNotSignedIn } from './pages.ts';
import { toVisitor } from './visitor.ts';

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

/** How a browser goes to the pool and comes back. */
export async function signInRoutes(app: FastifyInstance, { sessions }: { readonly sessions: BrowserSessions }) {
  const { origins } = sessions.settings;
  const sendToPool = async (request: FastifyRequest, reply: FastifyReply, asked: SignInRequest) => {
    const { url, state, pending } = await sessions.beginSignIn(asked);
    if (setSignInCookie(request, reply, state, pending)) return reply.redirect(url.href, 303);
    // Its return address is too long to be kept.
    return sendToPool(request, reply, { ...asked, returnTo: undefined });
  };

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
}

/** Which of the server's names the browser came by: its cookies are of that one. */
function toOrigin({ headers }: FastifyRequest, origins: BrowserSessions['settings']['origins']): string {
  return origins.find((origin) => new URL(origin).host === headers.host) ?? origins[0];
}
