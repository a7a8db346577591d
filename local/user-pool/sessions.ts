import { createHash, randomBytes } from 'node:crypto';
import { LOCAL_POOL } from './constants.ts';
import { CognitoError, notAuthorized } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Rotation, Session } from './state/state.ts';

/** What every token of one sign-in has in common. */
export type SignIn = Pick<Session, 'originJti' | 'sub' | 'clientId' | 'authTime' | 'scopes' | 'context'>;

type RefreshToken = Session['refreshTokens'][number];

/** Records a sign-in and gives its refresh token, good for 30 days. */
export function openSession(pool: Pool, signIn: SignIn): string {
  const now = pool.clock().getTime();
  dropExpired(pool, now);
  const refreshToken = createRefreshToken(signIn.originJti);
  pool.state.sessions.set(signIn.originJti, {
    ...signIn,
    expiresAt: new Date(now + LOCAL_POOL.refreshTokenDays * 86_400_000).toISOString(),
    revoked: false,
    refreshTokens: [{ hash: toHash(refreshToken), rotatedAt: null }],
  });
  return refreshToken;
}

/**
 * The session a refresh token keeps alive, for the app client it was begun by alone. Throws NotAuthorizedException, and
 * RefreshTokenReuseException for one traded longer ago than the client's grace period.
 */
export function getRefreshable(pool: Pool, clientId: string, refreshToken: string): Session {
  const session = findSession(pool, refreshToken);
  if (session?.clientId !== clientId) throw notAuthorized('Invalid Refresh Token');
  if (session.revoked) throw notAuthorized('Refresh Token has been revoked');
  const now = pool.clock().getTime();
  if (Date.parse(session.expiresAt) <= now) throw notAuthorized('Refresh Token has expired');
  const { rotatedAt = null } = findToken(session, refreshToken) ?? {};
  if (rotatedAt !== null && now >= Date.parse(rotatedAt) + toGraceMs(pool, clientId)) {
    throw new CognitoError('RefreshTokenReuseException', 'Refresh token has already been used');
  }
  return session;
}

function toGraceMs(pool: Pool, clientId: string): number {
  const rotation: Rotation | undefined = pool.state.clients.get(clientId)?.rotation;
  return (rotation?.graceSeconds ?? 0) * 1_000;
}

/** The session a refresh token was ever issued for, alive or not. */
export function findSession(pool: Pool, refreshToken: string): Session | undefined {
  const [originJti = ''] = Buffer.from(refreshToken, 'base64url').toString().split(':');
  const session = pool.state.sessions.get(originJti);
  return session && findToken(session, refreshToken) ? session : undefined;
}

function findToken({ refreshTokens }: Session, refreshToken: string): RefreshToken | undefined {
  const hash = toHash(refreshToken);
  return refreshTokens.find((token) => token.hash === hash);
}

/**
 * Trades a refresh token for a new one. The grace period counts from the first trade: a retry does not lengthen it. The
 * session ends when it would have ended anyway.
 */
export function rotateRefreshToken(pool: Pool, session: Session, spent: string): string {
  const refreshToken = createRefreshToken(session.originJti);
  const rotatedAt = pool.clock().toISOString();
  const kept = session.refreshTokens.map((token) =>
    token.hash === toHash(spent) && token.rotatedAt === null ? { ...token, rotatedAt } : token,
  );
  const refreshTokens = [...kept, { hash: toHash(refreshToken), rotatedAt: null }];
  pool.state.sessions.set(session.originJti, { ...session, refreshTokens });
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
