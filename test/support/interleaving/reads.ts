import type { Member } from '../people.ts';
import { callerOf, pick, type ToAsk } from './ask.ts';
import { byMembershipId, type Team, toPlace } from './world.ts';

const toWhole = ({ mark }: Team, member: Member) => ({
  ...toPlace(member),
  tenant: { slug: mark },
  user: { id: member.sub, email: member.email },
});

/** What the product answers by its own verbs. */
export const READS = {
  members: (team) => ({
    kind: 'members',
    caller: callerOf(team),
    query:
      '{ tenant { slug } members(first: 100) { totalCount nodes { id tenantId tenant { slug } user { id email } } } }',
    expected: {
      data: {
        tenant: { slug: team.mark },
        members: { totalCount: team.members.length, nodes: team.members.map((member) => toWhole(team, member)) },
      },
    },
  }),
  firstMembers: (team) => ({
    kind: 'a page of members',
    caller: callerOf(team),
    query: '{ members(first: 2) { nodes { id tenantId } pageInfo { hasNextPage } } }',
    expected: {
      data: { members: { nodes: team.members.slice(0, 2).map(toPlace), pageInfo: { hasNextPage: true } } },
    },
  }),
  ownMember: (team) => {
    const member = pick(team.members);
    return {
      kind: 'member by an own id',
      caller: callerOf(team),
      query: 'query ($id: ID!) { member(id: $id) { id tenantId tenant { slug } user { id email } } }',
      variables: { id: member.membershipId },
      expected: { data: { member: toWhole(team, member) } },
    };
  },
  foreignMember: (team, other) => ({
    kind: 'member by a foreign id',
    caller: callerOf(team),
    query: 'query ($id: ID!) { member(id: $id) { id user { email } } }',
    variables: { id: pick(other.members).membershipId },
    expected: { code: 'NOT_FOUND' },
  }),
  badId: (team) => ({
    kind: 'member by what is no id',
    caller: callerOf(team),
    query: '{ member(id: "no-id") { id } }',
    expected: { code: 'NOT_FOUND' },
  }),
  viewer: (team) => {
    const caller = pick([team.owner, team.reader]);
    return {
      kind: 'viewer',
      caller,
      query:
        '{ viewer { sub tenantId profile { email displayName } tenant { slug } membership { id tenantId } memberships { id tenantId tenant { slug } user { id email } } } }',
      expected: {
        data: {
          viewer: {
            sub: caller.sub,
            tenantId: team.tenantId,
            profile: { email: caller.email, displayName: team.mark },
            tenant: { slug: team.mark },
            membership: toPlace(caller),
            memberships: [toWhole(team, caller)],
          },
        },
      },
    };
  },
  sharedViewer: (team) => {
    const places = [team.shared, team.sharedElsewhere].toSorted(byMembershipId);
    return {
      kind: 'viewer who belongs to two',
      caller: team.shared,
      query:
        '{ viewer { tenantId tenant { slug } membership { id tenantId } memberships { id tenantId user { email } } } members(first: 100) { nodes { id tenantId } } }',
      expected: {
        data: {
          viewer: {
            tenantId: team.tenantId,
            tenant: { slug: team.mark },
            membership: toPlace(team.shared),
            memberships: places.map((place) => ({ ...toPlace(place), user: { email: place.email } })),
          },
          members: { nodes: team.members.map(toPlace) },
        },
      },
      tenantIds: places.map(({ tenantId }) => tenantId),
    };
  },
} satisfies Readonly<Record<string, ToAsk>>;
