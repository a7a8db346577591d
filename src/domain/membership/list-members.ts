import type { MembershipRole } from '../../generated/prisma/enums.ts';
import type { Statement } from '../../store/scoped-query.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { countRows } from '../count-rows.ts';
import { type Page, type PageArgs, toPage } from '../paging.ts';
import { toPrefixRange } from '../search.ts';
import { MEMBERSHIP_COLUMNS, type Membership } from './membership.ts';

export type ListMembersArgs = PageArgs & {
  readonly role?: MembershipRole | null | undefined;
  readonly search?: string | null | undefined;
};

// With a search the order is that of the search key, so that one index both finds and orders.
type Found = Membership & { readonly emailKey: string };

type RoleFilter = MembershipRole | 'ANY';

// The role stands in the text and not among the values: that is what a partial index is chosen by (prisma/migrations).
const perRole = (name: string, toText: (members: string) => string): Readonly<Record<RoleFilter, Statement>> => {
  const members = 'from memberships m where m.tenant_id = $1';
  const inRole = (role: MembershipRole) => ({
    name: `${name}-${role.toLowerCase()}`,
    text: toText(`${members} and m.role = '${role}'`),
  });
  return {
    ANY: { name, text: toText(members) },
    OWNER: inRole('OWNER'),
    ADMIN: inRole('ADMIN'),
    MEMBER: inRole('MEMBER'),
  };
};

const BY_AGE = perRole(
  'list-members',
  (members) => `select ${MEMBERSHIP_COLUMNS} ${members} and m.id > $2::uuid order by m.id limit $3`,
);
// One lower bound: beside another on the key alone, an index may be read from whichever is lower.
const BY_EMAIL = perRole(
  'list-members-by-email',
  (members) => `select ${MEMBERSHIP_COLUMNS}, m.email_key as "emailKey" ${members}
    and (m.email_key, m.id) > ($2, $3::uuid) and m.email_key < $4 order by m.email_key, m.id limit $5`,
);
const COUNT = {
  ...perRole('count-members', (members) => `select count(*) as count ${members}`),
  // The counter beside the tenant answers for all; only a role has to be counted.
  ANY: { name: 'count-all-members', text: 'select t.member_count as count from tenants t where t.id = $1' },
};
const COUNT_BY_EMAIL = perRole(
  'count-members-by-email',
  (members) => `select count(*) as count ${members} and m.email_key >= $2 and m.email_key < $3`,
);

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The members of the caller's tenant: longest-standing first, or with `search` by e-mail address. */
export function listMembers(ctx: DomainContext, args: ListMembersArgs): Promise<Page<Membership>> {
  authorize(ctx, 'listMembers');
  return args.search ? listByEmail(ctx, args, args.search) : listByAge(ctx, args);
}

function listByAge(ctx: DomainContext, args: ListMembersArgs): Promise<Page<Membership>> {
  const { database, cursors } = ctx;
  const scope = tenantScope(ctx);
  const role = args.role ?? 'ANY';
  return toPage<Membership, [id: string]>({
    args,
    cursors,
    list: `members:${scope.tenantId}:role=${role}`,
    keyOf: (member) => [member.id],
    fetch: ([id] = [FIRST_ID], limit) => database.query<Membership>(scope, BY_AGE[role], [scope.tenantId, id, limit]),
    count: () => countRows(database, scope, COUNT[role], [scope.tenantId]),
  });
}

function listByEmail(ctx: DomainContext, args: ListMembersArgs, search: string): Promise<Page<Membership>> {
  const { database, cursors } = ctx;
  const scope = tenantScope(ctx);
  const role = args.role ?? 'ANY';
  const { from, below } = toPrefixRange(search);
  return toPage<Found, [emailKey: string, id: string]>({
    args,
    cursors,
    list: `members:${scope.tenantId}:role=${role}:search=${from}`,
    keyOf: (member) => [member.emailKey, member.id],
    fetch: ([emailKey, id] = [from, FIRST_ID], limit) =>
      database.query<Found>(scope, BY_EMAIL[role], [scope.tenantId, emailKey, id, below, limit]),
    count: () => countRows(database, scope, COUNT_BY_EMAIL[role], [scope.tenantId, from, below]),
  });
}
