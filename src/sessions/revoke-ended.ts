import { SYSTEM } from '../store/scope.ts';
import type { SessionParts } from './context.ts';
import { SignInError } from './provider.ts';
import type { SessionRecord } from './records.ts';
import { openTokens } from './refresh.ts';

const BATCH = 20;

// Claimed by setting the next attempt ahead: what a dead node had comes back. Not while a refresh may still bring another token.
const CLAIM = {
  name: 'claim-ended-browser-sessions',
  text: `with due as (
      select key from browser_sessions where revoke_at <= current_timestamp
        and coalesce(refreshing_until < current_timestamp, true)
      order by revoke_at limit $1::integer for update skip locked
    )
    update browser_sessions s set revoke_at = current_timestamp + interval '30 seconds' from due where s.key = due.key
    returning s.key, s.tokens`,
};
const REMOVE = { name: 'remove-browser-session', text: 'delete from browser_sessions where key = $1' };
/** Tells the pool of sessions that have ended, and forgets them once it knows. Tried again until nothing is left of them. */
export async function revokeEnded(parts: SessionParts): Promise<void> {
  const { database, log } = parts;
  for (;;) {
    const ended = await database.query<Pick<SessionRecord, 'key' | 'tokens'>>(SYSTEM, CLAIM, [BATCH]);
    for (const record of ended) {
      await revoke(parts, record).catch((error: unknown) =>
        log.warn({ err: error, session: record.key }, 'a refresh token could not be revoked yet'),
      );
    }
    if (ended.length < BATCH) return;
  }
}

async function revoke(parts: SessionParts, record: Pick<SessionRecord, 'key' | 'tokens'>): Promise<void> {
  const tokens = await openTokens(parts, record);
  if (tokens !== null) await parts.provider.revoke(tokens.refresh).catch(passRefusal);
  await parts.database.query(SYSTEM, REMOVE, [record.key]);
}

// One that is not good any more needs no revoking.
function passRefusal(error: unknown): void {
  if (!(error instanceof SignInError)) throw error;
}
