import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { badUserInput } from '../errors.ts';

export type PageArgs = { readonly first?: number | null | undefined; readonly after?: string | null | undefined };

/** One page of a list, in order. */
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  cursorOf(row: Row): string;
  /** All rows that match, asked of the database only when a client asks for it. */
  countAll(): Promise<number>;
};

/**
 * Cursors nobody can forge: the sort key of a row with an HMAC over it and over the list it belongs to, so a cursor of
 * one list, tenant or filter is refused by every other.
 */
export type CursorCodec = {
  encode(list: string, key: readonly string[]): string;
  /** Throws BAD_USER_INPUT for anything `encode` did not make for this very list. */
  decode(list: string, cursor: string): readonly string[];
};

const MAC_BYTES = 16;
const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

/** `secrets`: the first signs, all are accepted, so that rotating them breaks no page in flight. */
export function createCursorCodec(secrets: readonly string[]): CursorCodec {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', 'tenantry cursor', 32)));
  const [signingKey] = keys;
  if (signingKey === undefined) throw new Error('a cursor codec needs a secret');
  return {
    encode: (list, key) => {
      const payload = Buffer.from(JSON.stringify(key));
      return Buffer.concat([toMac(signingKey, list, payload), payload]).toString('base64url');
    },
    decode: (list, cursor) => {
      const bytes = Buffer.from(cursor, 'base64url');
      const mac = bytes.subarray(0, MAC_BYTES);
      const payload = bytes.subarray(MAC_BYTES);
      const isOurs = mac.length === MAC_BYTES && keys.some((key) => timingSafeEqual(mac, toMac(key, list, payload)));
      if (!isOurs) throw badUserInput('That cursor does not belong to this list. Begin again without `after`.');
      return JSON.parse(payload.toString()) as readonly string[];
    },
  };
}

function toMac(key: Buffer, list: string, payload: Buffer): Buffer {
  return createHmac('sha256', key).update(list).update('\0').update(payload).digest().subarray(0, MAC_BYTES);
}

/** `first` within its bounds. Throws BAD_USER_INPUT. */
export function toPageSize(first: PageArgs['first']): number {
  const size = first ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE) throw badUserInput(`\`first\` must be 1 to ${MAX_PAGE_SIZE}.`);
  return size;
}

export type PageSource<Row, Key extends readonly string[]> = {
  readonly args: PageArgs;
  readonly cursors: CursorCodec;
  /** Names the list with its tenant and filters: a cursor holds for it alone. */
  readonly list: string;
  /** The row's place in the order of the list. */
  keyOf(row: Row): Key;
  /** At most `limit` rows that follow `after`. */
  fetch(after: Key | undefined, limit: number): Promise<readonly Row[]>;
  count(): Promise<number>;
};

export async function toPage<Row, Key extends readonly string[]>(source: PageSource<Row, Key>): Promise<Page<Row>> {
  const size = toPageSize(source.args.first);
  const after = source.args.after ? toKey<Key>(source.cursors.decode(source.list, source.args.after)) : undefined;
  const rows = await source.fetch(after, size + 1);
  return {
    rows: rows.slice(0, size),
    hasNextPage: rows.length > size,
    hasPreviousPage: after !== undefined,
    cursorOf: (row) => source.cursors.encode(source.list, source.keyOf(row)),
    countAll: () => source.count(),
  };
}

// The codec hands back only what `keyOf` of the same list once gave it.
function toKey<Key extends readonly string[]>(decoded: readonly string[]): Key {
  return decoded as Key;
}
