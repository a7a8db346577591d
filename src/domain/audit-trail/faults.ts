import { LOOK_BACK_MS, type SealedEvent, type SealKey, toIdTime } from './seal.ts';

/** A seal with the event it is of; every column of the event is null where there is none. */
export type SealRow = SealedEvent & {
  readonly chain: string;
  readonly seq: number;
  readonly eventId: string;
  readonly mac: string;
  readonly keyId: string;
  readonly sealedAt: string;
};

export type Fault = {
  readonly kind: keyof typeof FAULTS;
  readonly chain: string;
  /** Null where none is known. */
  readonly eventId: string | null;
  readonly seq: number | null;
};

/** In words for whoever looks into it. */
export const FAULTS = {
  CHANGED: 'the event, its place or its seal is not what was sealed',
  REMOVED: 'the event is gone',
  GAP: 'seals before this one are gone',
  UNKNOWN_KEY: 'the seal was made with a secret that is not among AUDIT_SECRETS',
  OUT_OF_TIME: 'the event was put in at another time than it says',
  UNSEALED: 'the event has been without a seal for longer than the job takes',
  CUT: 'the chain ends before the head that was written down',
  OTHER_HEAD: 'the chain is another than that of the head that was written down',
} as const;

/** What is to be known of a seal by the one after it. */
export type Link = { readonly chain: string; readonly seq: number; readonly mac: string; readonly newestMs: number };

/**
 * Holds a seal to its event and to the one before it in the chain; null for none. Each is judged by what stands before it,
 * right or wrong, so that one wrong link is told once.
 */
export function findFaults(
  row: SealRow,
  before: Link | null,
  keys: readonly SealKey[],
): { readonly faults: readonly Fault[]; readonly link: Link } {
  const { chain, seq, eventId, mac } = row;
  const kinds = [...(seq === (before?.seq ?? 0) + 1 ? [] : (['GAP'] as const)), ...judge(row, before, keys)];
  const newestMs = Math.max(before?.newestMs ?? 0, toIdTime(eventId));
  return { faults: kinds.map((kind) => ({ kind, chain, eventId, seq })), link: { chain, seq, mac, newestMs } };
}

function judge(row: SealRow, before: Link | null, keys: readonly SealKey[]): readonly Fault['kind'][] {
  if (row.id === null) return ['REMOVED'];
  const key = keys.find(({ id }) => id === row.keyId);
  if (key === undefined) return ['UNKNOWN_KEY'];
  if (key.mac({ ...row, previousMac: before?.mac ?? '' }, row) !== row.mac) return ['CHANGED'];
  return isOutOfTime(row, before) ? ['OUT_OF_TIME'] : [];
}

// Whoever may write to the table can have an event sealed that never was. He cannot have it sealed in the past.
function isOutOfTime({ eventId, at, outcome, sealedAt }: SealRow, before: Link | null): boolean {
  const idMs = toIdTime(eventId);
  const isLate = idMs < (before?.newestMs ?? 0) - LOOK_BACK_MS;
  const isEarly = idMs > Date.parse(sealedAt) + LOOK_BACK_MS;
  // Refusals may have waited for the database, and tell when they were.
  const isOtherwise = outcome === 'ALLOWED' && !(Math.abs(Date.parse(at ?? '') - idMs) <= LOOK_BACK_MS);
  return isLate || isEarly || isOtherwise;
}
