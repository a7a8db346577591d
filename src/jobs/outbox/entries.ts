import type { Database } from '../../store/database.ts';
import { SYSTEM } from '../../store/scope.ts';
import type { ChangeOutcome } from '../../user-pool/users.ts';

/** One thing the pool has yet to be told. */
export type Entry = {
  readonly id: number;
  readonly userId: string;
  readonly username: string;
  readonly kind: string;
  readonly detail: string | null;
  /** This attempt counted. */
  readonly attempts: number;
  readonly ageSeconds: number;
};

/** What is left to tell, and for how long the oldest of it has waited. */
export type Backlog = { readonly waiting: number; readonly oldestSeconds: number };

type Store = Pick<Database, 'query'>;

const BATCH = 20;

// Only the first in each user's line is due: an ENABLE never overtakes a DISABLE. It is claimed by setting the next attempt
// ahead, longer than one can take (deliver.ts): no transaction is open meanwhile, and what a dead node had comes back.
const claim = (name: string, whose: string) => ({
  name,
  text: `with due as (
    select o.id from outbox o
    where o.done_at is null and o.next_at <= current_timestamp and ${whose}
      and not exists (select from outbox earlier
        where earlier.user_id = o.user_id and earlier.done_at is null and earlier.id < o.id)
    order by o.next_at limit $1 for update skip locked
  )
  update outbox o set attempts = o.attempts + 1, next_at = current_timestamp + interval '10 seconds'
  from due where o.id = due.id
  returning o.id, o.user_id as "userId", o.username, o.kind, o.detail, o.attempts,
    extract(epoch from current_timestamp - o.created_at)::float8 as "ageSeconds"`,
});
const CLAIM_DUE = claim('claim-outbox', 'true');
const CLAIM_FOR = claim('claim-outbox-of-user', 'o.user_id = $2::uuid');
const COUNT_FOR = {
  name: 'count-outbox-of-user',
  text: 'select count(*) as count from outbox where user_id = $1::uuid and done_at is null',
};
const END = {
  name: 'end-outbox',
  text: 'update outbox set done_at = current_timestamp, outcome = $2 where id = $1::bigint and done_at is null',
};
const POSTPONE = {
  name: 'postpone-outbox',
  text: `update outbox set next_at = current_timestamp + $2::integer * interval '1 millisecond'
    where id = $1::bigint and done_at is null`,
};
const MEASURE = {
  name: 'measure-outbox',
  text: `select count(*) as waiting,
      coalesce(extract(epoch from current_timestamp - min(created_at)), 0)::float8 as "oldestSeconds"
    from outbox where done_at is null`,
};
const REMOVE_OLD = {
  name: 'remove-old-outbox',
  text: `delete from outbox where done_at < current_timestamp - interval '1 day'`,
};

/** The next few entries that are due, for this node alone for ten seconds. */
export function claimDue(database: Store): Promise<Entry[]> {
  return database.query<Entry>(SYSTEM, CLAIM_DUE, [BATCH]);
}

/** The same for one user, whose line has one first. */
export function claimFor(database: Store, userId: string): Promise<Entry[]> {
  return database.query<Entry>(SYSTEM, CLAIM_FOR, [1, userId]);
}

export async function countFor(database: Store, userId: string): Promise<number> {
  const [row] = await database.query<{ readonly count: number }>(SYSTEM, COUNT_FOR, [userId]);
  return row?.count ?? 0;
}

export async function endEntry(database: Store, { id }: Entry, outcome: ChangeOutcome): Promise<void> {
  await database.query(SYSTEM, END, [id, outcome]);
}

export async function postponeEntry(database: Store, { id }: Entry, ms: number): Promise<void> {
  await database.query(SYSTEM, POSTPONE, [id, ms]);
}

export async function measure(database: Store): Promise<Backlog> {
  const [backlog] = await database.query<Backlog>(SYSTEM, MEASURE);
  return backlog ?? { waiting: 0, oldestSeconds: 0 };
}

/** What has been told is kept for a day, to look back; it names users, and so no longer. */
export async function removeOld(database: Store): Promise<void> {
  await database.query(SYSTEM, REMOVE_OLD);
}
