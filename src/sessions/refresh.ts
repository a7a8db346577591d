import { setTimeout as sleep } from 'node:timers/promises';
import { findTokenMembership } from '../domain/membership/index.ts';
import { notFound, unavailable } from '../errors.ts';
import { InvalidTokenError } from '../identity/invalid-token.ts';
import { SYSTEM } from '../store/scope.ts';
import { createBrowserId } from './browser-id.ts';
import type { SessionParts } from './context.ts';
import { endRecord } from './end.ts';
import { claimRefresh, getRecord, releaseRefresh, type SessionRecord, saveRefreshed } from './records.ts';
import { findTenant, findTokens, type Tokens, toExpiry } from './tokens.ts';

export type Refreshed = {
  readonly tokens: Tokens;
  readonly expiresAt: Date;
  /** What the browser shows from now on; null where another node's answer brings it. */
  readonly id: string | null;
};

/** Resolves to null when the session is over. Throws SERVICE_UNAVAILABLE when the pool cannot be asked. */
export type Refresh = (record: SessionRecord, tenantId: string | null) => Promise<Refreshed | null>;

/**
 * Refreshes a session's tokens once, whoever asks for it: on this node all wait for one, and among nodes the row says whose
 * turn it is. No connection is held while the pool thinks, and a node that dies leaves the turn to the next.
 */
export function createRefresh(parts: SessionParts): Refresh {
  const underWay = new Map<string, Promise<Refreshed | null>>();
  const begin = (record: SessionRecord, tenantId: string | null) => {
    const run = refreshOnce(parts, record, tenantId).finally(() => underWay.delete(record.key));
    underWay.set(record.key, run);
    return run;
  };
  const refresh: Refresh = async (record, tenantId) => {
    const other = underWay.get(record.key);
    if (other === undefined) return begin(record, tenantId);
    if (tenantId === null) return other;
    // Another tenant is another request: it comes after the one under way.
    await other.catch(() => undefined);
    const current = await getRecord(parts.database, record.key);
    return current && refresh(current, tenantId);
  };
  return refresh;
}

/** Asked before the pool is: for a tenant the user does not belong to it would issue tokens for another. Throws NOT_FOUND. */
export async function assertWouldSpeakFor(
  { database }: SessionParts,
  { userId }: SessionRecord,
  tenantId: string,
): Promise<void> {
  const membership = await findTokenMembership({ database }, userId, tenantId);
  if (membership?.tenantId !== tenantId) throw notFound('session: no member of that tenant');
}

async function refreshOnce(
  parts: SessionParts,
  record: SessionRecord,
  tenantId: string | null,
): Promise<Refreshed | null> {
  const { database, timings } = parts;
  for (let waitedMs = 0; waitedMs < timings.waitMs; waitedMs += timings.lookAgainMs) {
    if (await claimRefresh(database, record, timings.leaseMs)) return refreshInTurn(parts, record, tenantId);
    const current = await getRecord(database, record.key);
    if (current === null) return null;
    if (current.version !== record.version) return takeOver(parts, current, tenantId);
    await sleep(timings.lookAgainMs);
  }
  throw unavailable('session: another node refreshes it and does not come to an end');
}

/** What another brought, unless it asked for no tenant, or for another. */
async function takeOver(
  parts: SessionParts,
  record: SessionRecord,
  tenantId: string | null,
): Promise<Refreshed | null> {
  if (tenantId !== null) return refreshOnce(parts, record, tenantId);
  const tokens = await openTokens(parts, record);
  return tokens && { tokens, expiresAt: record.expiresAt, id: null };
}

async function refreshInTurn(
  parts: SessionParts,
  record: SessionRecord,
  tenantId: string | null,
): Promise<Refreshed | null> {
  const tokens = await openTokens(parts, record);
  if (tokens === null) return null;
  try {
    const fresh = await askPool(parts, tokens, tenantId);
    if (fresh !== null) return await keep(parts, record, fresh);
  } catch (error) {
    await releaseRefresh(parts.database, record).catch(() => undefined);
    throw error;
  }
  await endRecord(parts, 'system', record, 'POOL_REFUSED');
  return null;
}

/** In the tenant that was asked for, or else in the one the session is in. */
function askPool({ userPool, settings }: SessionParts, tokens: Tokens, tenantId: string | null) {
  const { clientId, clientSecret, tenantClaim } = settings;
  const tenant = tenantId ?? findTenant(tokens, tenantClaim);
  const metadata = tenant === null ? {} : { tenant_id: tenant };
  return userPool.refreshTokens({ clientId, clientSecret, refreshToken: tokens.refresh, metadata });
}

/** Kept before anything is asked of it: the refresh token before it may be good no more. */
async function keep(parts: SessionParts, record: SessionRecord, tokens: Tokens): Promise<Refreshed | null> {
  const { id, hash } = createBrowserId();
  const expiresAt = toExpiry(tokens);
  const sealed = await parts.sealer.seal(tokens, record.key, record.endsAt);
  await parts.database.transaction(SYSTEM, (tx) => saveRefreshed(tx, record, { tokens: sealed, expiresAt, hash }));
  return (await isOfSession(parts, record, tokens)) ? { tokens, expiresAt, id } : null;
}

/** False also where the session was ended while the pool thought. */
async function isOfSession(
  { verifyToken }: SessionParts,
  { userId, sessionId }: SessionRecord,
  tokens: Tokens,
): Promise<boolean> {
  try {
    const principal = await verifyToken.verify(tokens.access);
    return principal.subject === userId && principal.sessionId === sessionId;
  } catch (error) {
    if (error instanceof InvalidTokenError) return false;
    throw error;
  }
}

/** Null where the key they were sealed with is gone. */
export async function openTokens(
  { sealer, log }: SessionParts,
  { key, tokens }: Pick<SessionRecord, 'key' | 'tokens'>,
): Promise<Tokens | null> {
  const opened = await sealer.open(tokens, key);
  if (opened === null) log.error({ session: key }, 'the tokens of a session open with none of SESSION_KEYS');
  return opened && findTokens(opened);
}
