import { z } from 'zod';
import { CUTOFF_KINDS, type Cutoff } from '../../identity/cutoffs.ts';
import type { Principal } from '../../identity/principal.ts';
import type { Database } from '../database.ts';
import { SYSTEM } from '../scope.ts';

type Store = Pick<Database, 'query'>;

const CutoffRow: z.ZodType<Cutoff> = z.object({
  id: z.number(),
  kind: z.enum(CUTOFF_KINDS),
  tenant: z.string().nullable(),
  user: z.string().nullable(),
  name: z.string().nullable(),
  value: z.unknown(),
});

const COLUMNS = 'id, kind, of_tenant as "tenant", of_user as "user", name, value';
const IN_FORCE = '(ends_at is null or ends_at > current_timestamp)';

const ALL = {
  name: 'list-cutoffs',
  text: `select ${COLUMNS} from cutoffs where id > $1::bigint and ${IN_FORCE} order by id limit $2`,
};
const RECENT = {
  name: 'list-recent-cutoffs',
  text: `select ${COLUMNS} from cutoffs where at > clock_timestamp() - $1::bigint * interval '1 millisecond'`,
};
const ABOUT = {
  name: 'list-cutoffs-about',
  text: `select ${COLUMNS} from cutoffs where ${IN_FORCE} and (
    (kind in ('SESSION', 'CLIENT') and name in ($1, $2)) or (kind in ('USER', 'ACCOUNT') and of_user = $3::uuid)
    or (kind = 'TENANT' and of_tenant = $4::uuid)
    or (kind = 'MEMBERSHIP' and of_tenant = $4::uuid and of_user = $3::uuid))`,
};
const PAGE_SIZE = 20_000;

/** What the notification of a row says of it. Throws for one that says something else. */
export function toCutoff(payload: string): Cutoff {
  return CutoffRow.parse(JSON.parse(payload));
}

/** All that are in force, a page at a time: no statement runs into its time limit. */
export async function readAll(database: Store): Promise<Cutoff[]> {
  const rows: Cutoff[] = [];
  let page: readonly Cutoff[];
  do {
    page = await database.query<Cutoff>(SYSTEM, ALL, [rows.at(-1)?.id ?? 0, PAGE_SIZE]);
    // Not by a spread, which passes each as an argument.
    for (const row of page) rows.push(row);
  } while (page.length === PAGE_SIZE);
  return rows;
}

/** Those written within the last `milliseconds`. */
export function readRecent(database: Store, milliseconds: number): Promise<Cutoff[]> {
  return database.query<Cutoff>(SYSTEM, RECENT, [Math.ceil(milliseconds)]);
}

/** Those that may be about this caller. */
export function readAbout(database: Store, { kind, subject, sessionId, clientId, tenantId }: Principal) {
  return database.query<Cutoff>(SYSTEM, ABOUT, [sessionId, clientId, kind === 'USER' ? subject : null, tenantId]);
}
