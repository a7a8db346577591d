import { callerOf, pick, type ToAsk } from './ask.ts';
import { byMembershipId, toPlace } from './world.ts';

/** What careless resolvers answer (careless-fields.ts). */
export const CARELESS_READS = {
  memberships: (team) => ({
    kind: 'careless memberships',
    caller: callerOf(team),
    query: '{ everyMembership { id tenantId user { email } } }',
    expected: {
      data: {
        everyMembership: team.members.map((member) => ({ ...toPlace(member), user: { email: member.email } })),
      },
    },
  }),
  membershipsByPrisma: (team) => ({
    kind: 'careless memberships by Prisma',
    caller: callerOf(team),
    query: '{ everyMembershipByPrisma { id tenantId } }',
    expected: { data: { everyMembershipByPrisma: team.members.map(toPlace) } },
  }),
  tenants: (team) => ({
    kind: 'careless tenants',
    caller: callerOf(team),
    query: '{ everyTenant { id slug name } }',
    expected: { data: { everyTenant: [{ id: team.tenantId, slug: team.mark, name: team.mark }] } },
  }),
  users: (team) => ({
    kind: 'careless users',
    caller: callerOf(team),
    query: '{ everyUser { id email } }',
    expected: {
      data: {
        everyUser: team.members
          .map(({ sub, email }) => ({ id: sub, email }))
          .toSorted((one, other) => (one.email < other.email ? -1 : 1)),
      },
    },
  }),
  usersById: (team, other) => {
    const ids = [pick(team.members), other.owner, pick(team.members), other.reader].map(({ sub }) => sub);
    const own = new Set(team.members.map(({ sub }) => sub));
    return {
      kind: 'careless users by a loader',
      caller: callerOf(team),
      query: 'query ($ids: [ID!]!) { usersById(ids: $ids) { id } }',
      variables: { ids },
      expected: { data: { usersById: ids.map((id) => (own.has(id) ? { id } : null)) } },
    };
  },
  ownMemberships: ({ shared, sharedElsewhere }) => {
    const places = [shared, sharedElsewhere].toSorted(byMembershipId);
    return {
      kind: 'careless own memberships',
      caller: shared,
      query: '{ everyOwnMembership { id tenantId user { email } } }',
      expected: {
        data: { everyOwnMembership: places.map((place) => ({ ...toPlace(place), user: { email: place.email } })) },
      },
      tenantIds: places.map(({ tenantId }) => tenantId),
    };
  },
  leftover: (team) => ({
    kind: 'a statement without a scope',
    caller: callerOf(team),
    query: '{ leftover }',
    expected: { data: { leftover: false } },
  }),
} satisfies Readonly<Record<string, ToAsk>>;
