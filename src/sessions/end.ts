import { type Actor, audit } from '../domain/audit.ts';
import { type EndReason, endSession, sessionEnd } from '../domain/session/index.ts';
import { SYSTEM } from '../store/scope.ts';
import type { SessionParts } from './context.ts';
import type { SessionRecord } from './records.ts';

/** Ends a browser's session and its tokens: here once it resolves, on other nodes within a second (ADR 22). */
export async function endRecord(
  { database, settings, catchUp }: SessionParts,
  actor: Actor,
  { userId, sessionId }: Pick<SessionRecord, 'userId' | 'sessionId'>,
  because?: EndReason,
): Promise<void> {
  const endsAt = new Date(Date.now() + settings.maxMs);
  await database.transaction(SYSTEM, async (tx) => {
    await endSession(tx, { userId, sessionId, endsAt });
    await audit(tx, actor, sessionEnd(sessionId, because));
  });
  await catchUp();
}
