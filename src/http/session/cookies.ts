import type { FastifyReply, FastifyRequest } from 'fastify';
import { SIGN_IN_MS } from '../../sessions/sign-in.ts';

// RFC 6265bis §4.1.3.2: a browser takes a name that begins so only from this very host, over a secure connection.
export const SESSION_COOKIE = '__Host-session';
const SIGN_IN_PREFIX = '__Host-sign-in-';
// As many windows as may ask at once; each cookie has up to 4 KB, and all come with every request.
const MAX_SIGN_INS = 4;
// RFC 6265 §6.1: with its name and attributes it must fit into 4 096 bytes.
const MAX_COOKIE = 3_800;

// Lax, for a browser that comes from elsewhere by a link is to be signed in still; what changes anything is no link.
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/** For as long as the browser is open: OWASP, Session Management, advises against keeping it longer. */
export function setSessionCookie(reply: FastifyReply, id: string): void {
  reply.setCookie(SESSION_COOKIE, id, ATTRIBUTES);
}

/** One for each sign-in under way, so that windows do not take each other's. False where a browser would not keep it. */
export function setSignInCookie(request: FastifyRequest, reply: FastifyReply, state: string, pending: string): boolean {
  if (pending.length > MAX_COOKIE) return false;
  const others = Object.keys(request.cookies).filter((name) => name.startsWith(SIGN_IN_PREFIX));
  if (others.length >= MAX_SIGN_INS) for (const name of others) reply.clearCookie(name, ATTRIBUTES);
  reply.setCookie(toSignInName(state), pending, { ...ATTRIBUTES, maxAge: SIGN_IN_MS / 1000 });
  return true;
}

/** What belongs to the state the browser came back with, which it then has no more. */
export function takeSignInCookie(request: FastifyRequest, reply: FastifyReply, state: string): string | undefined {
  const name = toSignInName(state);
  const pending = request.cookies[name];
  if (pending !== undefined) reply.clearCookie(name, ATTRIBUTES);
  return pending;
}

function toSignInName(state: string): string {
  return `${SIGN_IN_PREFIX}${state.slice(0, 8)}`;
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, ATTRIBUTES);
}
