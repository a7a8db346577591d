import type { Database } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import type { UserPool } from '../../user-pool/user-pool.ts';
import type { PoolUser } from '../../user-pool/users.ts';
import type { Known } from './compare.ts';

/** All users whose `sub` begins alike, as both know them, by their `sub`. */
export type Part = {
  readonly readAt: Date;
  readonly pool: ReadonlyMap<string, PoolUser>;
  readonly known: ReadonlyMap<string, Known>;
  /** Who deleted their account, and of whom nothing is left to tell. */
  readonly deleted: ReadonlySet<string>;
};

type Parties = { readonly database: Pick<Database, 'query'>; readonly userPool: UserPool };

const UNDER_WAY = 'exists (select from outbox o where o.user_id = $of and o.done_at is null)';
const KNOWN = {
  name: 'reconcile-known-users',
  text: `select u.id, u.username, u.email, u.confirmed_at is not null as "isConfirmed",
      u.disabled_at is not null as "isDisabled", ${UNDER_WAY.replace('$of', 'u.id')} as "isUnderWay"
    from users u where u.pool_id = $1 and u.id > $2::uuid and u.id <= $3::uuid order by u.id limit $4`,
};
const DELETED = {
  name: 'reconcile-deleted-users',
  text: `select d.id from deleted_users d
    where d.id > $1::uuid and d.id <= $2::uuid and not ${UNDER_WAY.replace('$of', 'd.id')} order by d.id limit $3`,
};
const PAGE_SIZE = 1_000;

/** Reads the pool first: whoever comes meanwhile is known here before he is missed there. */
export async function readPart({ database, userPool }: Parties, prefix: string): Promise<Part> {
  const readAt = new Date();
  const pool = await readPool(userPool, prefix);
  const last = toId(prefix, 'f');
  const pages = <Row extends { readonly id: string }>(fetch: (after: string) => Promise<readonly Row[]>) =>
    readPages(toId(prefix, '0'), fetch);
  const known = await pages((after) => database.query<Known>(SYSTEM, KNOWN, [userPool.id, after, last, PAGE_SIZE]));
  const deleted = await pages((after) => database.query<{ id: string }>(SYSTEM, DELETED, [after, last, PAGE_SIZE]));
  return {
    readAt,
    pool,
    known: new Map(known.map((user) => [user.id, user])),
    deleted: new Set(deleted.map(({ id }) => id)),
  };
}

async function readPool(userPool: UserPool, prefix: string): Promise<ReadonlyMap<string, PoolUser>> {
  const users = new Map<string, PoolUser>();
  let from: string | null = null;
  do {
    const page = await userPool.listUsers(prefix, from);
    for (const user of page.users) users.set(user.attributes['sub'] ?? '', user);
    from = page.next;
  } while (from !== null);
  return users;
}

async function readPages<Row extends { readonly id: string }>(
  first: string,
  fetch: (after: string) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let page: readonly Row[];
  do {
    page = await fetch(rows.at(-1)?.id ?? first);
    rows.push(...page);
  } while (page.length === PAGE_SIZE);
  return rows;
}

/** The first or the last id that begins so. */
function toId(prefix: string, rest: '0' | 'f'): string {
  return prefix.padEnd(32, rest).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
