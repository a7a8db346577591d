import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from '../../html.ts';
import { CognitoError } from '../errors.ts';
import { readAuthorizationRequest, readReturnAddress } from '../oauth/authorization-request.ts';
import { toSearch } from '../oauth/parameters.ts';
import type { Login } from '../pending.ts';
import type { Pool } from '../pool.ts';
import type { ServerOptions } from '../server-options.ts';
import { toTotpUri } from '../totp.ts';
import { getUser } from '../users.ts';
import { BROWSER_COOKIE, readCookie, toCookie } from './cookies.ts';
import { findLogin, openLogin } from './login.ts';
import { renderErrorPage, renderLoginPage } from './pages.ts';
import { sendCode, sendError } from './send-back.ts';
import { findSignOn, isPasswordWanted, openSignOn } from './sign-on.ts';
import { submit } from './submit.ts';

const TOO_OLD = 'This form is no longer good. Go back to where you came from and sign in again.';
const BROWSER_SECONDS = 3_600;

/** `GET /login` shows the form, with the parameters of `/oauth2/authorize`; `POST /login` takes one step of it. */
export function addLoginRoutes(server: FastifyInstance, { pool, save }: ServerOptions): void {
  server.get('/login', (request, reply) => {
    let address: ReturnType<typeof readReturnAddress> | null = null;
    try {
      address = readReturnAddress(pool, toSearch(request.url));
      const asked = readAuthorizationRequest(address, toSearch(request.url));
      const signOn = findSignOn(pool, request.headers.cookie);
      const kept = signOn && !isPasswordWanted(pool, asked, signOn) ? signOn : null;
      const browser = readCookie(request.headers.cookie, BROWSER_COOKIE) ?? randomBytes(32).toString('base64url');
      const login = openLogin(pool, browser, asked, kept);
      reply.header('set-cookie', toCookie(BROWSER_COOKIE, browser, BROWSER_SECONDS));
      return showForm(pool, reply, login);
    } catch (error) {
      return sendError(reply, address, error);
    }
  });
  server.post('/login', async (request, reply) => {
    try {
      return await takeStep(pool, request, reply);
    } finally {
      await save();
    }
  });
}

async function takeStep(pool: Pool, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
  const { cookie } = request.headers;
  const login = findLogin(pool, form.get('_csrf'), readCookie(cookie, BROWSER_COOKIE));
  if (!login) return sendPage(reply.code(400), renderErrorPage(TOO_OLD));
  try {
    const outcome = await submit(pool, login, form);
    if (outcome.kind === 'next') return showForm(pool, reply, outcome.login);
    reply.header('set-cookie', openSignOn(pool, outcome.signOn, cookie));
    return sendCode(reply, pool, login.request, outcome.signOn);
  } catch (error) {
    if (!(error instanceof CognitoError)) return sendError(reply, login.request, error);
    const current = findLogin(pool, login.id, login.browser) ?? login;
    return showForm(pool, reply.code(400), current, { sentence: error.message, username: form.get('username') ?? '' });
  }
}

function showForm(
  pool: Pool,
  reply: FastifyReply,
  login: Login,
  { sentence, username }: { readonly sentence: string | null; readonly username: string } = FIRST,
): FastifyReply {
  const { totpSecret, proven } = login;
  const totpUri = totpSecret !== null && proven ? toTotpUri(totpSecret, getUser(pool, proven.sub)) : null;
  return sendPage(reply, renderLoginPage({ login, sentence, username, totpUri }));
}

const FIRST = { sentence: null, username: '' };
