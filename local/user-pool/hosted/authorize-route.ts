import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readAuthorizationRequest, readReturnAddress } from '../oauth/authorization-request.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import { toSearch } from '../oauth/parameters.ts';
import type { AuthorizationRequest, SignOn } from '../pending.ts';
import type { Pool } from '../pool.ts';
import type { ServerOptions } from '../server-options.ts';
import { getUser } from '../users.ts';
import { findNextStep } from './login.ts';
import { sendCode, sendError } from './send-back.ts';
import { findSignOn, isPasswordWanted } from './sign-on.ts';

/** `GET /oauth2/authorize`: a code at once for a browser that is signed in, else the form at `/login`. */
export function addAuthorizeRoute(server: FastifyInstance, { pool }: ServerOptions): void {
  server.get('/oauth2/authorize', (request, reply) => {
    let address: ReturnType<typeof readReturnAddress> | null = null;
    try {
      address = readReturnAddress(pool, toSearch(request.url));
      return authorize(pool, readAuthorizationRequest(address, toSearch(request.url)), request, reply);
    } catch (error) {
      return sendError(reply, address, error);
    }
  });
}

function authorize(
  pool: Pool,
  asked: AuthorizationRequest,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const signOn = findSignOn(pool, request.headers.cookie);
  if (signOn && isEnough(pool, asked, signOn)) return sendCode(reply, pool, asked, signOn);
  if (asked.prompt === 'none') throw new OAuthError('login_required');
  return reply.redirect(`/login?${toSearch(request.url)}`, 302);
}

function isEnough(pool: Pool, asked: AuthorizationRequest, signOn: SignOn): boolean {
  return (
    !isPasswordWanted(pool, asked, signOn) && findNextStep(pool, getUser(pool, signOn.sub), asked, signOn) === null
  );
}
