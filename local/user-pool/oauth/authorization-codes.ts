import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type AuthorizationCode, type AuthorizationRequest, putPending, type SignOn } from '../pending.ts';
import type { Pool } from '../pool.ts';
import { revokeSession } from '../sessions.ts';
import type { Client } from '../state/state.ts';
import { toContext } from './authentication-levels.ts';
import { OAuthError } from './oauth-error.ts';

const CODE_MS = 5 * 60_000;

/** A code for this request, good once and for five minutes. */
export function createCode(pool: Pool, request: AuthorizationRequest, signOn: SignOn): string {
  const value = randomBytes(32).toString('base64url');
  const { clientId, redirectUri, codeChallenge, nonce, scopes, levels } = request;
  const { sub, authTime } = signOn;
  const code: AuthorizationCode = {
    ...{ clientId, redirectUri, codeChallenge, nonce, scopes, sub, authTime },
    context: toContext(signOn, levels),
    originJti: randomUUID(),
    use: 'unused',
    expiresAt: new Date(pool.clock().getTime() + CODE_MS),
  };
  putPending(pool.pending.codes, [value, code], pool.clock());
  return value;
}

/**
 * Spends a code, right answer or wrong. Throws OAuthError `invalid_grant`; a code that comes a second time has been stolen
 * from somebody, and ends the session its first use began: RFC 6749 §4.1.2.
 */
export function spendCode(pool: Pool, { id }: Client, form: URLSearchParams): AuthorizationCode {
  const value = form.get('code') ?? '';
  const code = pool.pending.codes.get(value);
  if (code?.clientId !== id) throw new OAuthError('invalid_grant');
  if (code.use !== 'unused') {
    pool.pending.codes.set(value, { ...code, use: 'used twice' });
    const session = pool.state.sessions.get(code.originJti);
    if (session) revokeSession(pool, session);
    throw new OAuthError('invalid_grant');
  }
  pool.pending.codes.set(value, { ...code, use: 'used' });
  const isGood = code.expiresAt > pool.clock() && code.redirectUri === form.get('redirect_uri');
  if (!isGood || !isVerifierGood(code, form.get('code_verifier'))) throw new OAuthError('invalid_grant');
  return code;
}

/** False once a code has come a second time, though its first use is still under way. */
export function isSpentOnce(pool: Pool, value: string | null): boolean {
  return pool.pending.codes.get(value ?? '')?.use === 'used';
}

/** RFC 7636 §4.6. A verifier without a challenge is somebody who took the challenge out: RFC 9700 §4.8.2. */
function isVerifierGood({ codeChallenge }: AuthorizationCode, verifier: string | null): boolean {
  if (codeChallenge === null || verifier === null) return codeChallenge === null && verifier === null;
  return createHash('sha256').update(verifier).digest('base64url') === codeChallenge;
}
