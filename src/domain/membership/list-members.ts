import type { MembershipRole } from '../../generated/prisma/enums.ts';
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

const FROM = 'from memberships m where m.tenant_id = $1';
const WITH_PREFIX = 'm.email_key >= $3 and m.email_key < $4';

// A statement of its own for each filter: `role is null or …` in one would keep the planner from its index.
const byAge = (role: MembershipRole | null) => ({
  name: `list-members${role ? '-in-role' : ''}`,
  text: `select ${MEMBERSHIP_COLUMNS} ${FROM} and ${inRole(role)} and m.id > $3::uuid order by m.id limit $4`,
});
const byEmail = (role: MembershipRole | null) => ({
  name: `list-members-by-email${role ? '-in-role' : ''}`,
  text: `select ${MEMBERSHIP_COLUMNS}, m.email_key as "emailKey" ${FROM} and ${inRole(role)} and ${WITH_PREFIX}
    and (m.email_key, m.id) > ($5, $6::uuid) order by m.email_key, m.id limit $7`,
});
const countByEmail = (role: MembershipRole | null) => ({
  name: `count-members-by-email${role ? '-in-role' : ''}`,
  text: `select count(*) as count ${FROM} and ${inRole(role)} and ${WITH_PREFIX}`,
});
const COUNT = { name: 'count-members', text: 'select t.member_count as count from tenants t where t.id = $1' };
const COUNT_IN_ROLE = {
  name: 'count-members-in-role',
  text: `select count(*) as count ${FROM} and ${inRole('MEMBER')}`,
};

// Without a role the parameter stands in a test that always holds, so that the numbers of the others stay.
function inRole(role: MembershipRole | null): string {
  return role ? 'm.role = $2::"MembershipRole"' : '$2::text is null';
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The members of the caller's tenant: longest-standing first, or with `search` by e-mail address. */
export function listMembers(ctx: DomainContext, args: ListMembersArgs): Promise<Page<Membership>> {
  authorize(ctx, 'listMembers');
  return args.search ? listByEmail(ctx, args, args.search) : listByAge(ctx, args);
}

function listByAge(ctx: DomainContext, args: ListMembersArgs): Promise<Page<Membership>> {
  const { database, cursors } = ctx;
  const scope = tenantScope(ctx);
  const role = args.role ?? null;
  return toPage<Membership, [id: string]>({
    args,
    cursors,
    list: `members:${scope.tenantId}:role=${role}`,
    keyOf: (member) => [member.id],
    fetch: ([id] = [FIRST_ID], limit) =>
      database.query<Membership>(scope, byAge(role), [scope.tenantId, role, id, limit]),
    count: () =>
      role
        ? countRows(database, scope, COUNT_IN_ROLE, [scope.tenantId, role])
        : countRows(database, scope, COUNT, [scope.tenantId]),
  });
}

function listByEmail(ctx: DomainContext, args: ListMembersArgs, search: string): Promise<Page<Membership>> {
  const { database, cursors } = ctx;
  const scope = tenantScope(ctx);
  const role = args.role ?? null;
  const { from, below } = toPrefixRange(search);
  const filter = [scope.tenantId, role, from, below];
  return toPage<Found, [emailKey: string, id: string]>({
    args,
    cursors,
    list: `members:${scope.tenantId}:role=${role}:search=${from}`,
    keyOf: (member) => [member.emailKey, member.id],
    fetch: ([emailKey, id] = ['', FIRST_ID], limit) =>
      database.query<Found>(scope, byEmail(role), [...filter, emailKey, id, limit]),
    count: () => countRows(database, scope, countByEmail(role), filter),
  });
}
