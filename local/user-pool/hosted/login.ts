import { randomBytes } from 'node:crypto';
import { hasTotp, isTotpWanted } from '../oauth/authentication-levels.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import { type AuthorizationRequest, type Login, putPending, type SignOn } from '../pending.ts';
import type { Pool } from '../pool.ts';
import type { User } from '../state/state.ts';
import { createTotpSecret, isTotpAsked } from '../totp.ts';
import { getUser } from '../users.ts';

const LOGIN_MS = 10 * 60_000;

/** Opens a form for that browser. Who is signed in already begins at the step his sign-in lacks. */
export function openLogin(pool: Pool, browser: string, request: AuthorizationRequest, signOn: SignOn | null): Login {
  const step = signOn && findNextStep(pool, getUser(pool, signOn.sub), request, signOn);
  const login: Login = {
    id: randomBytes(32).toString('base64url'),
    browser,
    request,
    step: step ?? 'password',
    proven: step === null ? null : signOn,
    totpSecret: step === 'enrol' ? createTotpSecret() : null,
    wrongTries: 0,
    expiresAt: new Date(pool.clock().getTime() + LOGIN_MS),
  };
  putPending(pool.pending.logins, [login.id, login], pool.clock());
  return login;
}

/** The form that was shown to this very browser; null for any other's, and for one too old. */
export function findLogin(pool: Pool, id: string | null, browser: string | null): Login | null {
  const login = pool.pending.logins.get(id ?? '');
  return login && login.browser === browser && login.expiresAt > pool.clock() ? login : null;
}

/**
 * What a user has to do after what he has proven; null when that is enough. Throws OAuthError
 * `unmet_authentication_requirements` where the request wants a second factor and the pool has none.
 */
export function findNextStep(
  pool: Pool,
  user: User,
  { levels }: AuthorizationRequest,
  proven: SignOn,
): Exclude<Login['step'], 'password'> | null {
  if (user.status === 'FORCE_CHANGE_PASSWORD') return 'new-password';
  if (hasTotp(proven)) return null;
  if (isTotpAsked(pool, user)) return 'totp';
  if (!isTotpWanted(pool, user, levels) && pool.state.mfa !== 'ON') return null;
  if (pool.state.mfa === 'OFF') throw new OAuthError('unmet_authentication_requirements');
  // Who has an app in no daily use shows that one: with a password alone nobody puts another in its place.
  return user.totp?.isVerified ? 'totp' : 'enrol';
}
