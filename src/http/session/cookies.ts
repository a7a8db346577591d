import type { FastifyReply } from 'fastify';
import { SIGN_IN_MS } from '../../sessions/sign-in.ts';

// RFC 6265bis §4.1.3.2: a browser takes a name that begins so only from this very host, over a secure connection.
export const SESSION_COOKIE = '__Host-session';
export const SIGN_IN_COOKIE = '__Host-sign-in';

// Lax, for a browser that comes from elsewhere by a link is to be signed in still; what changes anything is no link.
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/** For as long as the browser is open: OWASP, Session Management, advises against keeping it longer. */
export function setSessionCookie(reply: FastifyReply, id: string): void {
  reply.setCookie(SESSION_COOKIE, id, ATTRIBUTES);
}

export function setSignInCookie(reply: FastifyReply, pending: string): void {
  reply.setCookie(SIGN_IN_COOKIE, pending, { ...ATTRIBUTES, maxAge: SIGN_IN_MS / 1000 });
}

export function clearCookie(reply: FastifyReply, name: typeof SESSION_COOKIE | typeof SIGN_IN_COOKIE): void {
  reply.clearCookie(name, ATTRIBUTES);
}
