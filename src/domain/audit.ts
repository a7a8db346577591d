import type { Prisma } from '../generated/prisma/client.ts';
import type { Principal } from '../identity/principal.ts';
import type { Transaction } from '../store/database.ts';

export type AuditEntry = {
  /** The noun and what happened to it, such as `membership.role-change`. */
  readonly action: string;
  /** Null when the event belongs to no tenant. */
  readonly tenantId: string | null;
  /** The type in the schema. */
  readonly targetType: string;
  readonly targetId: string;
  /** Names nobody but by id: what is written here stays for ever. */
  readonly changes?: Prisma.InputJsonObject;
};

/** Who did it; triggers and jobs act for nobody who is signed in. */
export type Actor =
  | { readonly principal: Pick<Principal, 'subject' | 'kind'>; readonly requestId: string; readonly ip: string | null }
  | 'system';

/** Writes what happened in the transaction it happens in: both are kept or neither. */
export async function audit(tx: Transaction, actor: Actor, entry: AuditEntry): Promise<void> {
  const who =
    actor === 'system'
      ? {}
      : {
          actorId: actor.principal.subject,
          actorKind: actor.principal.kind,
          requestId: actor.requestId,
          ip: actor.ip,
        };
  // createMany asks for nothing back, so the append-only grant needs no right to read.
  await tx.auditEvent.createMany({ data: [{ ...entry, ...who }] });
}
