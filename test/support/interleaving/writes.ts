import { randomBytes } from 'node:crypto';
import type { ErrorCode } from '../../../src/errors.ts';
import type { Member } from '../people.ts';
import { pick, type ToAsk } from './ask.ts';

const changeRole = ({ membershipId }: Member) => ({
  query:
    'mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { membership { id tenantId user { email } } } }',
  variables: { input: { membershipId, role: pick(['ADMIN', 'MEMBER']) } },
});
const createTenant = (name: string, slug: string) => ({
  query: 'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { slug name memberCount } } }',
  variables: { input: { name, slug } },
});

/** What changes rows, by the product's own verbs. */
export const WRITES = {
  changeRole: ({ owner, changing }) => ({
    kind: 'changeMemberRole',
    caller: owner,
    ...changeRole(changing),
    expected: {
      data: {
        changeMemberRole: {
          membership: { id: changing.membershipId, tenantId: changing.tenantId, user: { email: changing.email } },
        },
      },
    },
  }),
  changeForeignRole: ({ owner }, { changing }) => ({
    kind: 'changeMemberRole of a foreign id',
    caller: owner,
    ...changeRole(changing),
    expected: { code: 'NOT_FOUND' },
  }),
  rename: ({ renamed, mark }) => {
    const displayName = `${mark} ${randomBytes(3).toString('hex')}`;
    return {
      kind: 'updateProfile',
      caller: renamed,
      query: 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id displayName } } }',
      variables: { input: { displayName } },
      expected: { data: { updateProfile: { user: { id: renamed.sub, displayName } } } },
    };
  },
  createTenant: ({ founder, mark }) => {
    const slug = `made-${randomBytes(6).toString('hex')}`;
    return {
      kind: 'createTenant',
      caller: founder,
      ...createTenant(mark, slug),
      expected: { data: { createTenant: { tenant: { slug, name: mark, memberCount: 1 } } } },
    };
  },
  createTakenTenant: ({ founder, mark }, other) => ({
    kind: 'createTenant of a slug that is taken',
    caller: founder,
    ...createTenant(mark, other.mark),
    expected: { code: 'CONFLICT' },
  }),
  changeRoleInLockedTenant: ({ owner, changing, tenantId }) => ({
    kind: 'changeMemberRole behind a lock',
    caller: owner,
    ...changeRole(changing),
    expected: { code: 'SERVICE_UNAVAILABLE' },
    lockedTenantId: tenantId,
  }),
} satisfies Readonly<Record<string, ToAsk>>;

/** A statement of the product that fails (failures.ts). */
export const toFailure =
  (as: string, code: ErrorCode = 'INTERNAL_SERVER_ERROR'): ToAsk =>
  ({ reader }, other) => ({
    kind: `fails: ${as}`,
    caller: reader,
    query: 'query ($as: String!, $tenantId: ID!) { fail(as: $as, tenantId: $tenantId) }',
    variables: { as, tenantId: other.tenantId },
    expected: { code },
  });
