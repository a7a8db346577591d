import type { Database } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import { type Fault, findFaults, type Link, type SealRow } from './faults.ts';
import {
  FIRST_ID,
  LAST_ID,
  LOOK_BACK_MS,
  NO_TENANT,
  SEALED_EVENT_COLUMNS,
  type SealKey,
  toInstantText,
  toLowestId,
} from './seal.ts';

/** Where a chain once ended, as it was written down elsewhere. */
export type Head = { readonly chain: string; readonly seq: number; readonly mac: string };

export type Verified = {
  readonly database: Pick<Database, 'query'>;
  /** Of every secret that ever sealed. */
  readonly keys: readonly SealKey[];
  readonly heads: readonly Head[];
  readonly onPage?: (tally: Tally) => void;
};

export type Tally = { readonly events: number; readonly chains: number };

const PAGE = 2_000;

const SEALS = {
  name: 'verify-audit-seals',
  text: `select s.chain, s.seq, s.event_id as "eventId", encode(s.mac, 'hex') as mac, s.key_id as "keyId",
      ${toInstantText('s.sealed_at')} as "sealedAt", ${SEALED_EVENT_COLUMNS}
    from audit_seals s left join audit_events e on e.id = s.event_id
    where (s.chain, s.seq) > ($1::uuid, $2::bigint) order by s.chain, s.seq limit ${PAGE}`,
};
const END = {
  name: 'verify-audit-events-end',
  text: `select e.id from audit_events e where e.id > $1::uuid and e.id <= $2::uuid order by e.id offset ${PAGE} limit 1`,
};
const UNSEALED = {
  name: 'verify-audit-events',
  text: `select e.id, coalesce(e.tenant_id, '${NO_TENANT}') as chain from audit_events e
    where e.id > $1::uuid and e.id <= $2::uuid and not exists (select from audit_seals s where s.event_id = e.id)
    order by e.id`,
};
const HEAD = {
  name: 'verify-audit-head',
  text: `select encode(s.mac, 'hex') as mac from audit_seals s where s.chain = $1 and s.seq = $2`,
};

/** Everything about the audit trail that is not as it was sealed, and at the end how much was looked at. */
export async function* verifyTrail(asked: Verified): AsyncGenerator<Fault, Tally> {
  const tally = yield* verifyChains(asked);
  yield* findUnsealed(asked);
  yield* verifyHeads(asked);
  return tally;
}

async function* verifyChains({ database, keys, onPage }: Verified): AsyncGenerator<Fault, Tally> {
  let [events, chains] = [0, 0];
  let before: Link | null = null;
  let after: readonly [string, string] = [FIRST_ID, '-9223372036854775808'];
  for (;;) {
    const rows: readonly SealRow[] = await database.query<SealRow>(SYSTEM, SEALS, after);
    for (const row of rows) {
      if (before?.chain !== row.chain) [before, chains] = [null, chains + 1];
      const { faults, link } = findFaults(row, before, keys);
      yield* faults;
      before = link;
      after = [row.chain, String(row.seq)];
    }
    events += rows.length;
    onPage?.({ events, chains });
    if (rows.length < PAGE) return { events, chains };
  }
}

// What has just been written waits for its seal; ids of a time to come wait for none.
async function* findUnsealed({ database }: Verified): AsyncGenerator<Fault, void> {
  const now = Date.now();
  const ranges = [
    [FIRST_ID, toLowestId(now - LOOK_BACK_MS)],
    [toLowestId(now + LOOK_BACK_MS), LAST_ID],
  ] as const;
  for (const [first, last] of ranges) {
    for (let from: string | undefined = first; from !== undefined; ) {
      const [end]: { readonly id: string }[] = await database.query(SYSTEM, END, [from, last]);
      const unsealed = await database.query<{ readonly id: string; readonly chain: string }>(SYSTEM, UNSEALED, [
        from,
        end?.id ?? last,
      ]);
      for (const { id, chain } of unsealed) yield { kind: 'UNSEALED', chain, eventId: id, seq: null };
      from = end?.id;
    }
  }
}

async function* verifyHeads({ database, heads }: Verified): AsyncGenerator<Fault, void> {
  for (const { chain, seq, mac } of heads) {
    const [seal] = await database.query<{ readonly mac: string }>(SYSTEM, HEAD, [chain, seq]);
    if (seal?.mac !== mac) yield { kind: seal ? 'OTHER_HEAD' : 'CUT', chain, eventId: null, seq };
  }
}
