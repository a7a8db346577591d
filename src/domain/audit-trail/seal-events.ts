import type { Database, Transaction } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import { LAST_ID, NO_TENANT, SEALED_EVENT_COLUMNS, type SealedEvent, type SealKey } from './seal.ts';

/** An event that has just become a link of its chain. */
export type Sealed = {
  readonly event: SealedEvent;
  readonly chain: string;
  readonly seq: number;
  readonly mac: string;
  readonly keyId: string;
};

export type SealedPage = {
  readonly sealed: readonly Sealed[];
  /** What to go on behind; null at the end. */
  readonly next: string | null;
};

type Head = { readonly chain: string; readonly seq: string; readonly mac: string };

/** Events looked at, and sealed, in one transaction at most. */
const LOOKED_AT = 5_000;
const SEALED = 500;

// Any number that nothing else in this database takes.
const LOCK = 'select pg_try_advisory_xact_lock(7236401728364017) as "isMine"';
const END = `select e.id from audit_events e where e.id > $1::uuid order by e.id offset ${LOOKED_AT} limit 1`;
const UNSEALED = `select ${SEALED_EVENT_COLUMNS} from audit_events e
  where e.id > $1::uuid and e.id <= $2::uuid and not exists (select from audit_seals s where s.event_id = e.id)
  order by e.id limit ${SEALED}`;
const HEADS = `select c.chain::text, s.seq::text, encode(s.mac, 'hex') as mac from unnest($1::text[]::uuid[]) c (chain)
  cross join lateral (select seq, mac from audit_seals where chain = c.chain order by seq desc limit 1) s`;
// Column by column: a tenth of what as many rows of values cost.
const INSERT = `insert into audit_seals (chain, seq, event_id, mac, key_id, sealed_at)
  select chain::uuid, seq::bigint, event_id::uuid, decode(mac, 'hex'), key_id, sealed_at::timestamptz
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    as link (chain, seq, event_id, mac, key_id, sealed_at)`;

/**
 * Seals, in the order of their ids, the events behind `from` that are not. All or none of a page is sealed, by one node at
 * a time: null while another one is at it.
 */
export function sealPage(
  database: Pick<Database, 'transaction'>,
  key: SealKey,
  from: string,
): Promise<SealedPage | null> {
  return database.transaction(SYSTEM, async (tx) => {
    const [lock] = await tx.$queryRawUnsafe<{ readonly isMine: boolean }[]>(LOCK);
    if (!lock?.isMine) return null;
    const [end] = await tx.$queryRawUnsafe<{ readonly id: string }[]>(END, from);
    const events = await tx.$queryRawUnsafe<SealedEvent[]>(UNSEALED, from, end?.id ?? LAST_ID);
    const sealed = toLinks(events, await readHeads(tx, events), key);
    return {
      sealed: await insert(tx, sealed),
      next: events.length === SEALED ? idOf(events.at(-1)) : (end?.id ?? null),
    };
  });
}

function readHeads(tx: Transaction, events: readonly SealedEvent[]): Promise<readonly Head[]> {
  const chains = [...new Set(events.map(toChain))];
  return chains.length === 0 ? Promise.resolve([]) : tx.$queryRawUnsafe<Head[]>(HEADS, chains);
}

type Link = Sealed & { readonly sealedAt: string };

function toLinks(events: readonly SealedEvent[], known: readonly Head[], key: SealKey): readonly Link[] {
  const heads = new Map(known.map(({ chain, seq, mac }) => [chain, { seq: Number(seq), mac }]));
  const sealedAt = new Date().toISOString();
  return events.map((event) => {
    const chain = toChain(event);
    const head = heads.get(chain) ?? { seq: 0, mac: '' };
    const seq = head.seq + 1;
    const mac = key.mac({ chain, seq, previousMac: head.mac, sealedAt }, event);
    heads.set(chain, { seq, mac });
    return { event, chain, seq, mac, keyId: key.id, sealedAt };
  });
}

async function insert(tx: Transaction, links: readonly Link[]): Promise<readonly Sealed[]> {
  const columns = [
    links.map(({ chain }) => chain),
    links.map(({ seq }) => String(seq)),
    links.map(({ event }) => idOf(event)),
    links.map(({ mac }) => mac),
    links.map(({ keyId }) => keyId),
    links.map(({ sealedAt }) => sealedAt),
  ];
  if (links.length > 0) await tx.$executeRawUnsafe(INSERT, ...columns);
  return links;
}

function toChain({ tenant_id }: SealedEvent): string {
  return tenant_id ?? NO_TENANT;
}

function idOf(event: SealedEvent | undefined): string {
  return event?.id ?? '';
}
