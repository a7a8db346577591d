import { type DomainContext, tenantScope } from '../../../src/domain/context.ts';
import { MEMBERSHIP_COLUMNS, type Membership } from '../../../src/domain/membership/membership.ts';
import { TENANT_COLUMNS, type Tenant } from '../../../src/domain/tenant/tenant.ts';
import { USER_COLUMNS, type User } from '../../../src/domain/user/user.ts';
import type { GraphQLContext } from '../../../src/graphql/context.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import type { Scope } from '../../../src/store/scope.ts';
import type { Statement } from '../../../src/store/scoped-query.ts';
import { failAs } from './failures.ts';
import { findLeftover } from './leftover.ts';
import type { Owners } from './owners.ts';
import type { Witness } from './witness.ts';

/** Fields planted beside the product's own, whose resolvers have no condition on tenant or caller. */
export const CARELESS_SDL = `extend type Query {
  everyMembership: [Membership] @auth @tenantScoped
  everyMembershipByPrisma: [Membership] @auth @tenantScoped
  everyTenant: [Tenant] @auth @tenantScoped
  everyUser: [User] @auth @tenantScoped
  usersById(ids: [ID!]!): [User] @auth @tenantScoped
  everyOwnMembership: [Membership] @auth @tenantScoped(reach: SELF)
  leftover: Boolean @auth
  fail(as: String!, tenantId: ID!): Boolean @auth
}`;

type Resolve<Args = object> = (source: unknown, args: Args, context: GraphQLContext) => Promise<unknown>;
type ToScope = (context: Pick<DomainContext, 'principal'>) => Scope;
type IsOwn<Row> = (row: Row, caller: Principal) => boolean;

const read = (name: string, columns: string, rest: string): Statement => ({
  name: `careless-${name}`,
  text: `select ${columns}, pg_backend_pid() as pid from ${rest}`,
});
const MEMBERSHIPS = read('memberships', MEMBERSHIP_COLUMNS, 'memberships m order by m.id');
const TENANTS = read('tenants', TENANT_COLUMNS, 'tenants t order by t.id');
const USERS = read('users', USER_COLUMNS, 'users u order by u.email_key');

const isInTenant: IsOwn<{ readonly tenantId: string }> = (row, { tenantId }) => row.tenantId === tenantId;
const isOfCaller: IsOwn<Membership> = ({ userId }, { subject }) => userId === subject;
const isTenant: IsOwn<Tenant> = ({ id }, { tenantId }) => id === tenantId;
const ownScope: ToScope = ({ principal }) => ({ reach: 'SELF', tenantId: null, userId: principal.subject });

/** Their resolvers: what these read is what the database lets through, and `witness` judges it there. */
export function createCarelessFields(owners: Owners, witness: Witness) {
  const isFellow: IsOwn<{ readonly id: string }> = ({ id }, { tenantId }) => owners.isOf(id, tenantId ?? '');
  const judge = <Row extends object>(rows: readonly Row[], caller: Principal, isOwn: IsOwn<Row>) =>
    witness.judge(caller.subject, rows, (row) => isOwn(row, caller));
  const every =
    <Row extends object>(statement: Statement, toScope: ToScope, isOwn: IsOwn<Row>): Resolve =>
    async (_, _args, { domain: { principal, database } }) => {
      const rows = await database.query<Row & { readonly pid: number }>(toScope({ principal }), statement);
      for (const { pid } of rows.slice(0, 1)) witness.noteConnection(pid, principal.tenantId ?? '');
      return judge<Row>(rows, principal, isOwn);
    };

  const everyMembershipByPrisma: Resolve = (_, _args, { domain: { principal, database } }) =>
    database.transaction(tenantScope({ principal }), async (tx) => {
      judge(await tx.user.findMany(), principal, isFellow);
      return judge(await tx.membership.findMany({ orderBy: { id: 'asc' } }), principal, isInTenant);
    });
  const usersById: Resolve<{ readonly ids: readonly string[] }> = async (_, { ids }, { domain, loaders }) => {
    const users = await Promise.all(ids.map((id) => loaders.user(tenantScope(domain), id)));
    const found = users.filter((user) => user !== null);
    judge(found, domain.principal, isFellow);
    return users;
  };
  const leftover: Resolve = async (_, _args, { domain }) => {
    const found = await findLeftover(domain.database.pool);
    if (found !== null) witness.noteLeftover(found);
    return found !== null;
  };
  return {
    Query: {
      everyMembership: every<Membership>(MEMBERSHIPS, tenantScope, isInTenant),
      everyMembershipByPrisma,
      everyTenant: every<Tenant>(TENANTS, tenantScope, isTenant),
      everyUser: every<User>(USERS, tenantScope, isFellow),
      everyOwnMembership: every<Membership>(MEMBERSHIPS, ownScope, isOfCaller),
      usersById,
      leftover,
      fail: ((_, args, { domain }) => failAs(domain, args)) satisfies Resolve<Parameters<typeof failAs>[1]>,
    },
  };
}
