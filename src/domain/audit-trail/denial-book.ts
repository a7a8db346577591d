import type { ErrorCode } from '../../errors.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { DomainContext } from '../context.ts';

/** Something refused. Nothing in it is what a caller wrote: it is kept for ever. */
export type Denial = {
  /** `Type.field`; null where it is no field's. */
  readonly field: string | null;
  readonly code: ErrorCode;
  /** What stopped it, with the rule of the schema where one did. */
  readonly by: string;
};

type Caller = Pick<DomainContext, 'principal' | 'requestId' | 'ip'>;
type Row = Prisma.AuditEventCreateManyInput;

/** Refusals in memory, until a job keeps them: those of one caller, tenant, field, rule and minute are one. */
export type DenialBook = {
  /** For one request: notes each refusal once, however many rows or decisions it came from. No more than a map is touched. */
  open(caller: Caller, now: Date): (denial: Denial) => void;
  /**
   * Hands `keep` the first of each kind, and once its minute is over at `now` whatever followed: two events at most. What
   * `keep` rejects stays for the next time. Gives how many found no room since the last time.
   */
  flush(keep: (rows: readonly Row[]) => Promise<void>, now: number): Promise<{ readonly dropped: number }>;
};

type Entry = { readonly row: Row; readonly minute: number; isTold: boolean; pending: Pending | null };
type Pending = Pick<Row, 'at' | 'requestId' | 'ip'> & { readonly count: number };

const MAX_ENTRIES = 10_000;
const MAX_REASON = 200;
const BATCH = 1_000;
const MINUTE_MS = 60_000;

export function createDenialBook(maxEntries = MAX_ENTRIES): DenialBook {
  const entries = new Map<string, Entry>();
  let dropped = 0;

  const note = (key: string, { requestId, ip }: Caller, now: Date, toEntry: () => Entry) => {
    const entry = entries.get(key) ?? (entries.size < maxEntries ? toEntry() : null);
    if (entry === null) {
      dropped += 1;
      return;
    }
    entries.set(key, entry);
    const { pending } = entry;
    entry.pending = pending ? { ...pending, count: pending.count + 1 } : { at: now, requestId, ip, count: 1 };
  };

  return {
    open: (caller, now) => {
      const told = new Set<string>();
      const minute = Math.floor(now.getTime() / MINUTE_MS);
      return (denial) => {
        const key = toKey(caller, denial, minute);
        if (told.has(key)) return;
        told.add(key);
        note(key, caller, now, () => ({ row: toRow(caller, denial), minute, isTold: false, pending: null }));
      };
    },
    flush: async (keep, now) => {
      const isOver = ({ minute }: Entry) => (minute + 1) * MINUTE_MS <= now;
      const due = [...entries.values()].filter((entry) => entry.pending && (!entry.isTold || isOver(entry)));
      for (let at = 0; at < due.length; at += BATCH) await keepAll(due.slice(at, at + BATCH), keep);
      for (const [key, entry] of entries) if (entry.pending === null && isOver(entry)) entries.delete(key);
      const lost = dropped;
      dropped = 0;
      return { dropped: lost };
    },
  };
}

async function keepAll(entries: readonly Entry[], keep: (rows: readonly Row[]) => Promise<void>): Promise<void> {
  const taken = entries.map(({ pending }) => pending);
  for (const entry of entries) entry.pending = null;
  try {
    await keep(entries.map(({ row }, at) => ({ ...row, ...taken[at] })));
    for (const entry of entries) entry.isTold = true;
  } catch (error) {
    entries.forEach((entry, at) => {
      entry.pending = join(taken[at] ?? null, entry.pending);
    });
    throw error;
  }
}

function join(earlier: Pending | null, later: Pending | null): Pending | null {
  return earlier && later ? { ...earlier, count: earlier.count + later.count } : (earlier ?? later);
}

function toKey({ principal }: Caller, { field, code, by }: Denial, minute: number): string {
  return JSON.stringify([principal.kind, principal.subject, principal.tenantId, field, code, by, minute]);
}

function toRow({ principal }: Caller, { field, code, by }: Denial): Row {
  return {
    action: 'access.denied',
    tenantId: principal.tenantId,
    actorId: principal.subject,
    actorKind: principal.kind,
    targetType: field?.split('.')[0] ?? 'Operation',
    targetId: field ?? 'Operation',
    outcome: 'DENIED',
    reason: `${code} by ${by}`.slice(0, MAX_REASON),
  };
}
