import { createHmac, hkdfSync } from 'node:crypto';

/** The chain of events that belong to no tenant. */
export const NO_TENANT = '00000000-0000-0000-0000-000000000000';

/** An event as it is sealed: every column of its row, as text. */
export type SealedEvent = Readonly<Record<(typeof SEALED_COLUMNS)[number], string | null>>;

const SEALED_COLUMNS = [
  'id',
  'tenant_id',
  'at',
  'action',
  'actor_id',
  'actor_kind',
  'target_type',
  'target_id',
  'request_id',
  'changes',
  'outcome',
  'reason',
  'ip',
  'count',
] as const;

/** SQL for an instant as toISOString() writes it; its plain text follows the session's settings. */
export const toInstantText = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

// jsonb is kept in one form, and so has one text.
const toText = (name: (typeof SEALED_COLUMNS)[number]) => (name === 'at' ? toInstantText('e.at') : `e.${name}::text`);

/** The columns of a SealedEvent, as every statement selects them; `e` is the table. */
export const SEALED_EVENT_COLUMNS = SEALED_COLUMNS.map((name) => `${toText(name)} as ${name}`).join(', ');

/** Where in which chain an event stands, behind what and since when. */
export type Place = {
  readonly chain: string;
  /** From 1, without a gap. */
  readonly seq: number;
  /** Hex; empty before the first. */
  readonly previousMac: string;
  /** As toISOString() writes it. */
  readonly sealedAt: string;
};

export type SealKey = {
  /** Tells keys apart, and nothing else of them. */
  readonly id: string;
  /** HMAC-SHA-256 in hex over the place and every column of the event. RFC 2104. */
  mac(place: Place, event: SealedEvent): string;
};

/** A key of AUDIT_SECRETS. */
export function createSealKey(secret: string): SealKey {
  const derive = (what: string, bytes: number) => Buffer.from(hkdfSync('sha256', secret, '', what, bytes));
  const key = derive('tenantry audit seal', 32);
  return {
    id: derive('tenantry audit key id', 6).toString('hex'),
    mac: ({ chain, seq, previousMac, sealedAt }, event) => {
      const columns = SEALED_COLUMNS.map((name) => event[name]);
      const text = JSON.stringify([chain, seq, previousMac, sealedAt, ...columns]);
      return createHmac('sha256', key).update(text).digest('hex');
    },
  };
}

/** Milliseconds that clocks of nodes and the longest transaction may set events apart from their order. */
export const LOOK_BACK_MS = 600_000;

export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** When an id was made, in milliseconds since 1970. RFC 9562 §5.7: the first 48 bits of a UUID of version 7. */
export function toIdTime(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

/** The lowest id that could have been made at `ms`. */
export function toLowestId(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
