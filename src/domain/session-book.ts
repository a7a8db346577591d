import { LRUCache } from 'lru-cache';
import type { Principal } from '../identity/principal.ts';
import type { Database } from '../store/database.ts';
import { SYSTEM } from '../store/scope.ts';

/** Sessions that were seen, in memory until they are kept: no request waits for that. */
export type SessionBook = {
  /** A caller was let in, with this User-Agent header. */
  note(principal: Principal, agent: string | undefined): void;
  /**
   * Keeps what was noted; done when all of it is, also what another call keeps at the moment. What cannot be kept is noted
   * anew when the session is next seen.
   */
  flush(database: Pick<Database, 'query'>): Promise<void>;
};

const MAX_SESSIONS = 20_000;
const AGAIN_AFTER_MS = 60_000;
const MAX_AGENT = 256;

// Who deleted his account leaves nothing behind, whatever is still under way.
const KEEP = {
  name: 'keep-sessions',
  text: `insert into sessions (user_id, id, client_id, agent, authenticated_at)
    select s."userId", s.id, s."clientId", s.agent, s."authenticatedAt" from jsonb_to_recordset($1::jsonb)
      as s ("userId" uuid, id text, "clientId" text, agent text, "authenticatedAt" timestamptz)
    where not exists (select from deleted_users d where d.id = s."userId")
    on conflict (user_id, id) do update set last_seen_at = current_timestamp, agent = excluded.agent`,
};

export function createSessionBook(): SessionBook {
  const known = new LRUCache<string, true>({ max: MAX_SESSIONS, ttl: AGAIN_AFTER_MS });
  let noted = new Map<string, object>();
  let underWay: Promise<void> = Promise.resolve();

  const keep = async (database: Pick<Database, 'query'>) => {
    if (noted.size === 0) return;
    const due = noted;
    noted = new Map();
    try {
      await database.query(SYSTEM, KEEP, [JSON.stringify([...due.values()])]);
    } catch (error) {
      for (const id of due.keys()) known.delete(id);
      throw error;
    }
  };

  return {
    note: ({ kind, sessionId: id, subject: userId, clientId, authenticatedAt }, agent) => {
      if (kind === 'MACHINE' || id === null || known.has(id) || noted.size >= MAX_SESSIONS) return;
      known.set(id, true);
      noted.set(id, { userId, id, clientId, agent: agent?.slice(0, MAX_AGENT), authenticatedAt });
    },
    flush: (database) => {
      underWay = underWay.catch(() => undefined).then(() => keep(database));
      return underWay;
    },
  };
}
