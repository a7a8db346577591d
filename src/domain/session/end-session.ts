import type { Transaction } from '../../store/database.ts';
import type { AuditEntry } from '../audit.ts';

export type EndedSession = {
  readonly userId: string;
  /** `origin_jti`. */
  readonly sessionId: string;
  /** From then on no token of it is left. */
  readonly endsAt: Date;
};

/** Why a session ended that nobody asked to end. */
export type EndReason = 'ID_REUSED' | 'LEFT_ALONE' | 'POOL_REFUSED' | 'REPLACED';

/** Ends one sign-in: its tokens are no credentials from the commit on, and a browser's refresh token is revoked. */
export async function endSession(tx: Transaction, { userId, sessionId, endsAt }: EndedSession): Promise<void> {
  await tx.session.updateMany({ where: { userId, id: sessionId }, data: { endedAt: new Date() } });
  await tx.cutoff.createMany({ data: [{ kind: 'SESSION', ofUser: userId, name: sessionId, value: true, endsAt }] });
}

export function sessionEnd(sessionId: string, because?: EndReason): AuditEntry {
  return {
    action: 'session.end',
    tenantId: null,
    targetType: 'Session',
    targetId: sessionId,
    ...(because && { changes: { because } }),
  };
}
