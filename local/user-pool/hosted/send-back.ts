import type { FastifyReply } from 'fastify';
import { sendPage } from '../../html.ts';
import { createCode } from '../oauth/authorization-codes.ts';
import { type ReturnAddress, UnknownReturnError } from '../oauth/authorization-request.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import type { AuthorizationRequest, SignOn } from '../pending.ts';
import type { Pool } from '../pool.ts';
import { renderErrorPage } from './pages.ts';

/** Sends the browser back with a code, RFC 6749 §4.1.2. By GET, also after a form with a password: RFC 9700 §4.12. */
export function sendCode(reply: FastifyReply, pool: Pool, request: AuthorizationRequest, signOn: SignOn): FastifyReply {
  return sendBack(reply, request, { code: createCode(pool, request, signOn) });
}

/** Sends the browser back with an error, RFC 6749 §4.1.2.1, or shows it where there is nowhere to go. Throws any other. */
export function sendError(reply: FastifyReply, address: ReturnAddress | null, error: unknown): FastifyReply {
  if (error instanceof UnknownReturnError) return sendPage(reply.code(400), renderErrorPage(error.message));
  if (error instanceof OAuthError && address !== null) return sendBack(reply, address, { error: error.code });
  throw error;
}

function sendBack(
  reply: FastifyReply,
  { redirectUri, state }: ReturnAddress,
  parameters: Readonly<Record<string, string>>,
): FastifyReply {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set('state', state);
  return reply.header('cache-control', 'no-store').redirect(url.href, 303);
}
