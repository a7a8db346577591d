import { type Actor, audit } from '../domain/audit.ts';
import { type EndReason, endSession, sessionEnd } from '../domain/session/index.ts';
import { SYSTEM } from '../store/scope.ts';
import type { SessionParts } from './context.ts';
import type { SessionRecord } from './records.ts';

/** Ends a browser's session on every node, and its tokens with it. The pool is told afterwards (revoke-ended.ts). */
export async function endRecord(
  { database, settings }: SessionParts,
  actor: Actor,
  { userId, sessionId }: Pick<SessionRecord, 'userId' | 'sessionId'>,
  because?: EndReason,
): Promise<void> {
  const endsAt = new Date(Date.now() + settings.maxMs);
  await database.transaction(SYSTEM, async (tx) => {
    await endSession(tx, { userId, sessionId, endsAt });
    await audit(tx, actor, sessionEnd(sessionId, because));
  });
}
