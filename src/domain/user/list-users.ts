import { authorize } from '../authorize.ts';
import { type DomainContext, platformScope } from '../context.ts';
import { countRows } from '../count-rows.ts';
import { type Page, type PageArgs, toPage } from '../paging.ts';
import { toPrefixRange } from '../search.ts';
import { USER_COLUMNS, type User } from './user.ts';

export type ListUsersArgs = PageArgs & { readonly search?: string | null | undefined };

// With a search the order is that of the search key, so that one index both finds and orders.
type Listed = User & { readonly emailKey: string };

const COLUMNS = `${USER_COLUMNS}, u.email_key as "emailKey"`;
const BY_AGE = {
  name: 'list-users',
  text: `select ${COLUMNS} from users u where (u.created_at, u.id) > ($1::timestamptz, $2::uuid) order by u.created_at, u.id limit $3`,
};
// One lower bound: beside another on the key alone, an index may be read from whichever is lower.
const BY_EMAIL = {
  name: 'list-users-by-email',
  text: `select ${COLUMNS} from users u where (u.email_key, u.id) > ($1, $2::uuid) and u.email_key < $3
    order by u.email_key, u.id limit $4`,
};
const COUNT = { name: 'count-users', text: 'select count(*) as count from users u' };
const COUNT_BY_EMAIL = {
  name: 'count-users-by-email',
  text: 'select count(*) as count from users u where u.email_key >= $1 and u.email_key < $2',
};

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const FIRST_INSTANT = '-infinity';

/** Every user of the platform: oldest first, or with `search` by e-mail address. For platform staff. */
export function listUsers(ctx: DomainContext, args: ListUsersArgs): Promise<Page<User>> {
  authorize(ctx, 'listUsers');
  return args.search ? listByEmail(ctx, args, args.search) : listByAge(ctx, args);
}

function listByAge(ctx: DomainContext, args: PageArgs): Promise<Page<User>> {
  const scope = platformScope(ctx);
  return toPage<User, [at: string, id: string]>({
    args,
    cursors: ctx.cursors,
    list: 'users',
    keyOf: (user) => [user.createdAt.toISOString(), user.id],
    fetch: ([at, id] = [FIRST_INSTANT, FIRST_ID], limit) => ctx.database.query<User>(scope, BY_AGE, [at, id, limit]),
    count: () => countRows(ctx.database, scope, COUNT),
  });
}

function listByEmail(ctx: DomainContext, args: PageArgs, search: string): Promise<Page<User>> {
  const scope = platformScope(ctx);
  const { from, below } = toPrefixRange(search);
  return toPage<Listed, [key: string, id: string]>({
    args,
    cursors: ctx.cursors,
    list: `users:search=${from}`,
    keyOf: (user) => [user.emailKey, user.id],
    fetch: ([key, id] = [from, FIRST_ID], limit) =>
      ctx.database.query<Listed>(scope, BY_EMAIL, [key, id, below, limit]),
    count: () => countRows(ctx.database, scope, COUNT_BY_EMAIL, [from, below]),
  });
}
