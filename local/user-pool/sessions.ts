import { createHash, randomBytes } from 'node:crypto';
import { LOCAL_POOL } from './constants.ts';
import { CognitoError, notAuthorized } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Session } from './state/state.ts';

/** What every token of one sign-in has in common. */
export type SignIn = Pick<Session, 'originJti' | 'sub' | 'clientId' | 'authTime'>;

/** Records a sign-in and gives its refresh token, good for 30 days. */
export function openSession(pool: Pool, signIn: SignIn): string {
  const now = pool.clock().getTime();
  dropExpired(pool, now);
  const refreshToken = createRefreshToken(signIn.originJti);
  pool.state.sessions.set(signIn.originJti, {
    ...signIn,
    expiresAt: new Date(now + LOCAL_POOL.refreshTokenDays * 86_400_000).toISOString(),
    revoked: false,
    refreshHash: toHash(refreshToken),
    spentHashes: [],
  });
  return refreshToken;
}

/**
 * The session a refresh token keeps alive, for the app client it was begun by alone. Throws NotAuthorizedException or
 * RefreshTokenReuseException.
 */
export function getRefreshable(pool: Pool, clientId: string, refreshToken: string): Session {
  const session = findSession(pool, refreshToken);
  if (session?.clientId !== clientId) throw notAuthorized('Invalid Refresh Token');
  if (session.revoked) throw notAuthorized('Refresh Token has been revoked');
  if (Date.parse(session.expiresAt) <= pool.clock().getTime()) throw notAuthorized('Refresh Token has expired');
  if (session.refreshHash !== toHash(refreshToken)) {
    throw new CognitoError('RefreshTokenReuseException', 'Refresh token has already been used');
  }
  return session;
}

/** The session a refresh token was ever issued for, alive or not. */
export function findSession(pool: Pool, refreshToken: string): Session | undefined {
  const [originJti = ''] = Buffer.from(refreshToken, 'base64url').toString().split(':');
  const session = pool.state.sessions.get(originJti);
  const hash = toHash(refreshToken);
  return session && [session.refreshHash, ...session.spentHashes].includes(hash) ? session : undefined;
}

/** Trades the session's refresh token for a new one. The session ends when it would have ended anyway. */
export function rotateRefreshToken(pool: Pool, session: Session): string {
  const refreshToken = createRefreshToken(session.originJti);
  const spentHashes = [...session.spentHashes, session.refreshHash];
  pool.state.sessions.set(session.originJti, { ...session, refreshHash: toHash(refreshToken), spentHashes });
  return refreshToken;
}

export function revokeSession(pool: Pool, session: Session): void {
  pool.state.sessions.set(session.originJti, { ...session, revoked: true });
}

export function revokeAllSessions(pool: Pool, sub: string): void {
  for (const session of pool.state.sessions.values()) {
    if (session.sub === sub) revokeSession(pool, session);
  }
}

export function dropSessions(pool: Pool, sub: string): void {
  for (const session of pool.state.sessions.values()) {
    if (session.sub === sub) pool.state.sessions.delete(session.originJti);
  }
}

function dropExpired(pool: Pool, now: number): void {
  for (const { originJti, expiresAt } of pool.state.sessions.values()) {
    if (Date.parse(expiresAt) <= now) pool.state.sessions.delete(originJti);
  }
}

// The session's id inside spares an index from token to session; to its holder the token stays a random string.
function createRefreshToken(originJti: string): string {
  return Buffer.from(`${originJti}:${randomBytes(32).toString('base64url')}`).toString('base64url');
}

function toHash(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('base64url');
}
