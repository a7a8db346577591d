import { findHash } from './browser-id.ts';
import type { SessionParts } from './context.ts';
import { endRecord } from './end.ts';
import { findRecord, type SessionRecord, useId } from './records.ts';
import { openTokens, type Refresh } from './refresh.ts';
import type { Tokens } from './tokens.ts';

export type Credential = {
  readonly tokens: Tokens;
  /** What the browser shows from now on; null where it keeps what it has. */
  readonly id: string | null;
};

// Enough for a request that has just begun.
const MARGIN_MS = 60_000;

/**
 * The session a browser shows the id of; null for none that goes on, with the reason to the log. An id that has been spent
 * for longer than requests are under way was taken from the browser, or the browser's present one from somebody else: the
 * session ends for both. OAuth 2.0 Security BCP (RFC 9700 §4.14.2), applied to the browser's id.
 */
export async function findSession(parts: SessionParts, shown: string): Promise<SessionRecord | string> {
  const hash = findHash(shown);
  const record = hash && (await findRecord(parts.database, hash, parts.settings));
  if (!hash || !record) return 'session: unknown or ended';
  if (record.isReused) {
    await endRecord(parts, 'system', record, 'ID_REUSED');
    return 'session: an id that was spent';
  }
  if (record.isIdle) {
    await endRecord(parts, 'system', record, 'LEFT_ALONE');
    return 'session: left alone for too long';
  }
  if (record.isNew) await useId(parts.database, hash);
  return record;
}

/** The tokens behind an id, refreshed where they are about to expire; or why there are none. Throws SERVICE_UNAVAILABLE. */
export async function findCredential(
  parts: SessionParts,
  refresh: Refresh,
  shown: string,
): Promise<Credential | string> {
  const record = await findSession(parts, shown);
  if (typeof record === 'string') return record;
  const leftMs = record.expiresAt.getTime() - Date.now();
  try {
    const refreshed = leftMs > MARGIN_MS ? await keepTokens(parts, record) : await refresh(record, null);
    return refreshed ?? 'session: over at the pool, or sealed with a key that is gone';
  } catch (error) {
    // What is good still is good without the pool.
    const tokens = leftMs > 0 ? await openTokens(parts, record) : null;
    if (tokens === null) throw error;
    return { tokens, id: null };
  }
}

async function keepTokens(parts: SessionParts, record: SessionRecord): Promise<Credential | null> {
  const tokens = await openTokens(parts, record);
  return tokens && { tokens, id: null };
}
