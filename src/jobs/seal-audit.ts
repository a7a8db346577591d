import {
  createSealKey,
  FIRST_ID,
  LOOK_BACK_MS,
  type Sealed,
  sealPage,
  toLowestId,
} from '../domain/audit-trail/index.ts';
import type { Logger } from '../observability/logger.ts';
import type { Database } from '../store/database.ts';
import { repeat } from './repeat.ts';

export type SealAuditOptions = {
  readonly database: Database;
  /** AUDIT_SECRETS: the first seals. */
  readonly secrets: readonly string[];
  readonly everyMs: number;
  readonly log: Logger;
};

/**
 * Seals the audit trail, and writes each event to the log once it is kept and sealed. The first pass looks at every event
 * there is; each after it begins as far back as an event may come late.
 */
export function sealAudit({ database, secrets: [secret], everyMs, log }: SealAuditOptions): AsyncDisposable {
  if (secret === undefined) throw new Error('audit events are sealed with a secret');
  const key = createSealKey(secret);
  let from = FIRST_ID;
  let beganAt = Date.now();
  const work = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const page = await sealPage(database, key, from);
      if (page === null) return;
      tell(page.sealed, log);
      from = page.next ?? toLowestId(beganAt - LOOK_BACK_MS);
      if (page.next !== null) continue;
      beganAt = Date.now();
      return;
    }
  };
  return repeat({ name: 'sealing of the audit trail', intervalMs: everyMs, delayMs: everyMs, log }, work);
}

// Who owns the database can cut a chain's end off, or begin it anew: what its head was is for a place he does not own.
function tell(sealed: readonly Sealed[], log: Logger): void {
  for (const { event } of sealed) log.info({ audit: toEntry(event) }, 'audit');
  const heads = new Map(sealed.map((link) => [link.chain, link]));
  for (const { chain, seq, mac, keyId } of heads.values()) log.info({ head: { chain, seq, mac, keyId } }, 'audit head');
}

function toEntry(event: Sealed['event']): object {
  return {
    id: event.id,
    tenantId: event.tenant_id,
    at: event.at,
    action: event.action,
    actorId: event.actor_id,
    actorKind: event.actor_kind,
    targetType: event.target_type,
    targetId: event.target_id,
    outcome: event.outcome,
    reason: event.reason,
    requestId: event.request_id,
    ip: event.ip,
    count: Number(event.count),
    changes: event.changes === null ? null : JSON.parse(event.changes),
  };
}
