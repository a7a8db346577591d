import type { Database, Transaction } from '../store/database.ts';
import { SYSTEM } from '../store/scope.ts';

/** A browser's session as it is kept, found by an id that a browser showed. */
export type SessionRecord = {
  readonly key: string;
  readonly userId: string;
  /** `origin_jti`. */
  readonly sessionId: string;
  readonly authenticatedAt: Date;
  /** Sealed. */
  readonly tokens: string;
  /** Of the access token. */
  readonly expiresAt: Date;
  readonly version: number;
  readonly endsAt: Date;
};

/** How the id stands that it was found by. */
export type ShownId = {
  readonly isNew: boolean;
  /** Spent for longer than requests are under way. */
  readonly isReused: boolean;
  readonly isIdle: boolean;
};

type Store = Pick<Database, 'query'>;

const COLUMNS = `s.key, s.user_id as "userId", s.session_id as "sessionId", s.authenticated_at as "authenticatedAt",
  s.tokens, s.expires_at as "expiresAt", s.version, s.ends_at as "endsAt"`;
const IN_FORCE = 's.ended_at is null and s.ends_at > current_timestamp';
const ago = (milliseconds: string) => `current_timestamp - ${milliseconds}::bigint * interval '1 millisecond'`;

const FIND = {
  name: 'find-browser-session',
  text: `select ${COLUMNS}, i.used_at is null as "isNew", coalesce(i.spent_at < ${ago('$2')}, false) as "isReused",
      greatest(seen.last_seen_at, s.created_at) < ${ago('$3')} as "isIdle"
    from browser_session_ids i join browser_sessions s on s.key = i.session_key
    left join sessions seen on seen.user_id = s.user_id and seen.id = s.session_id
    where i.hash = $1 and ${IN_FORCE}`,
};
const GET = {
  name: 'get-browser-session',
  text: `select ${COLUMNS} from browser_sessions s where s.key = $1 and ${IN_FORCE}`,
};
const USE = {
  name: 'use-browser-session-id',
  text: `with used as (
      update browser_session_ids set used_at = current_timestamp where hash = $1 and used_at is null
      returning session_key, version
    )
    update browser_session_ids i set spent_at = current_timestamp from used
    where i.session_key = used.session_key and i.version < used.version and i.spent_at is null`,
};
const CLAIM = {
  name: 'claim-browser-session',
  text: `update browser_sessions s set refreshing_until = current_timestamp + $3::integer * interval '1 millisecond'
    where s.key = $1 and s.version = $2::integer and ${IN_FORCE}
      and (s.refreshing_until is null or s.refreshing_until < current_timestamp)
    returning s.key`,
};
const RELEASE = {
  name: 'release-browser-session',
  text: 'update browser_sessions set refreshing_until = null where key = $1 and version = $2::integer',
};

/** `graceMs` is how long a spent id is still good; `idleMs` how long a session may be left alone. */
export async function findRecord(
  store: Store,
  hash: string,
  { graceMs, idleMs }: { readonly graceMs: number; readonly idleMs: number },
): Promise<(SessionRecord & ShownId) | null> {
  const [record] = await store.query<SessionRecord & ShownId>(SYSTEM, FIND, [hash, graceMs, idleMs]);
  return record ?? null;
}

export async function getRecord(store: Store, key: string): Promise<SessionRecord | null> {
  const [record] = await store.query<SessionRecord>(SYSTEM, GET, [key]);
  return record ?? null;
}

/** The browser has this id now: those it had before are spent. */
export async function useId(store: Store, hash: string): Promise<void> {
  await store.query(SYSTEM, USE, [hash]);
}

/** True for one caller on one node: it alone asks the pool for this version's successor within `leaseMs`. */
export async function claimRefresh(store: Store, { key, version }: SessionRecord, leaseMs: number): Promise<boolean> {
  const claimed = await store.query(SYSTEM, CLAIM, [key, version, leaseMs]);
  return claimed.length > 0;
}

export async function releaseRefresh(store: Store, { key, version }: SessionRecord): Promise<void> {
  await store.query(SYSTEM, RELEASE, [key, version]);
}

/** Keeps what the pool gave for this version, also when the session has ended meanwhile: it is what must be revoked. */
export async function saveRefreshed(
  tx: Transaction,
  { key, version }: SessionRecord,
  fresh: { readonly tokens: string; readonly expiresAt: Date; readonly hash: string },
): Promise<void> {
  const { tokens, expiresAt, hash } = fresh;
  const data = { tokens, expiresAt, version: version + 1, refreshingUntil: null };
  const { count } = await tx.browserSession.updateMany({ where: { key, version }, data });
  if (count === 1) await tx.browserSessionId.create({ data: { hash, sessionKey: key, version: version + 1 } });
}

export async function createRecord(
  tx: Transaction,
  { hash, ...record }: Omit<SessionRecord, 'version'> & { readonly hash: string },
): Promise<void> {
  await tx.browserSession.create({ data: { ...record, version: 0 } });
  await tx.browserSessionId.create({ data: { hash, sessionKey: record.key, version: 0 } });
}
