import { LRUCache } from 'lru-cache';
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
// About 4 KB each.
const MAX_REMEMBERED = 5_000;

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

export type Credentials = {
  /** The tokens behind an id, refreshed where they are about to expire; or why there are none. Throws SERVICE_UNAVAILABLE. */
  findCredential(shown: string): Promise<Credential | string>;
  /** True when it would be answered from memory, but for a refresh. */
  isKnown(shown: string): boolean;
};

/**
 * What was found is remembered for a moment: its tokens are verified each time, so what ends them ends them at once, and only
 * the reuse of an id is noticed that much later.
 */
export function createCredentials(parts: SessionParts, refresh: Refresh): Credentials {
  const known = new LRUCache<string, Opened>({ max: MAX_REMEMBERED, ttl: parts.timings.rememberMs });
  const openFirst = async (shown: string): Promise<Opened | string> => {
    const record = await findSession(parts, shown);
    if (typeof record === 'string') return record;
    const tokens = await openTokens(parts, record);
    if (tokens === null) return 'session: sealed with a key that is gone';
    known.set(shown, { record, tokens });
    return { record, tokens };
  };
  const findCredential = async (shown: string): Promise<Credential | string> => {
    const opened = known.get(shown) ?? (await openFirst(shown));
    if (typeof opened === 'string') return opened;
    const { record, tokens } = opened;
    const leftMs = record.expiresAt.getTime() - Date.now();
    if (leftMs > MARGIN_MS) return { tokens, id: null };
    known.delete(shown);
    try {
      return (await refresh(record, null)) ?? 'session: over at the pool';
    } catch (error) {
      // What is good still is good without the pool.
      if (leftMs > 0) return { tokens, id: null };
      throw error;
    }
  };
  return { findCredential, isKnown: (shown) => known.has(shown) };
}

type Opened = { readonly record: SessionRecord; readonly tokens: Tokens };
