import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import {
  addMember,
  addMembership,
  addTenant,
  idsOf,
  type Member,
  toMachineClaims,
  toUserClaims,
} from '../support/people.ts';
import type { Answer, Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { changeUnheard } from '../support/unheard.ts';

const CHANGE = `mutation ($membershipId: ID!, $role: MembershipRole!) {
  changeMemberRole(input: { membershipId: $membershipId, role: $role }) { membership { id role user { email } tenant { slug } } }
}`;
const REMOVE = `mutation ($membershipId: ID!) {
  removeMember(input: { membershipId: $membershipId }) { membership { id role user { email } tenant { memberCount } } }
}`;

let product: Product;
let tenantId: string;
let owner: Member;
let admin: Member;
let member: Member;

beforeAll(async () => {
  product = await getSharedProduct();
});
beforeEach(async () => {
  tenantId = await addTenant(product);
  [owner, admin, member] = [
    await addMember(product, tenantId, 'OWNER'),
    await addMember(product, tenantId, 'ADMIN'),
    await addMember(product, tenantId, 'MEMBER'),
  ];
});

type Actor = Pick<Member, 'token'>;
type Target = Pick<Member, 'membershipId'>;

const change = ({ token }: Actor, { membershipId }: Target, role: string) =>
  product.query(token, CHANGE, { membershipId, role });
const remove = ({ token }: Actor, { membershipId }: Target) => product.query(token, REMOVE, { membershipId });

/** What the two mutations have in common, so that each refusal is asked of both. */
const BOTH: [string, (actor: Actor, target: Target) => Promise<Answer>][] = [
  ['changeMemberRole', (actor, target) => change(actor, target, 'ADMIN')],
  ['removeMember', remove],
];

const rolesOf = async () => {
  const query = 'select role from memberships where tenant_id = $1 order by id';
  return (await product.sql<{ role: string }>(query, [tenantId])).map(({ role }) => role);
};
const auditOf = () =>
  product.sql(
    'select action, actor_id, actor_kind, target_id, request_id, changes from audit_events where tenant_id = $1',
    [tenantId],
  );
const versionOf = async ({ membershipId }: Target) => {
  const [row] = await product.sql<{ version: string }>('select version from memberships where id = $1', [membershipId]);
  return Number(row?.version);
};

async function expectRefused(code: string, act: () => Promise<Answer>): Promise<Answer> {
  const answer = await withoutWriting(product, act);
  expect(codesOf(answer)).toEqual([code]);
  return answer;
}

describe('Mutation.changeMemberRole', () => {
  it.each(['ADMIN', 'OWNER', 'MEMBER'])('makes an admin %s for an owner', async (role) => {
    const { body } = await change(owner, admin, role);
    expect(body.data.changeMemberRole.membership).toMatchObject({
      id: admin.membershipId,
      role,
      user: { email: admin.email },
    });
    expect(await rolesOf()).toEqual(['OWNER', role, 'MEMBER']);
  });

  it('makes a member an admin for an admin', async () => {
    await change(admin, member, 'ADMIN');
    expect(await rolesOf()).toEqual(['OWNER', 'ADMIN', 'ADMIN']);
  });

  it('lets an admin step down', async () => {
    const { body } = await change(admin, admin, 'MEMBER');
    expect(body.data.changeMemberRole.membership.role).toBe('MEMBER');
  });

  it('draws a larger version, so that older tokens can be told', async () => {
    const before = await versionOf(member);
    await change(owner, member, 'ADMIN');
    expect(await versionOf(member)).toBeGreaterThan(before);
  });

  it('writes who did what to whom, under the request id', async () => {
    const headers = { 'x-request-id': randomUUID() };
    const input = { membershipId: member.membershipId, role: 'ADMIN' };
    await product.query(owner.token, CHANGE, input, headers);
    expect(await auditOf()).toEqual([
      {
        action: 'membership.role-change',
        actor_id: owner.sub,
        actor_kind: 'USER',
        target_id: member.membershipId,
        request_id: headers['x-request-id'],
        changes: { role: ['MEMBER', 'ADMIN'] },
      },
    ]);
  });

  it('writes nothing where the role is that already', async () => {
    expect(codesOf(await withoutWriting(product, () => change(owner, member, 'MEMBER')))).toEqual([]);
  });

  it('answers FORBIDDEN to an admin who names an owner', async () => {
    await expectRefused('FORBIDDEN', () => change(admin, member, 'OWNER'));
  });

  it('answers FORBIDDEN to an admin who promotes himself', async () => {
    await expectRefused('FORBIDDEN', () => change(admin, admin, 'OWNER'));
  });

  it('answers FORBIDDEN to an admin who demotes an owner', async () => {
    await expectRefused('FORBIDDEN', () => change(admin, owner, 'MEMBER'));
  });

  it('answers BAD_USER_INPUT to a role that does not exist', async () => {
    await expectRefused('BAD_USER_INPUT', () => change(owner, member, 'EMPEROR'));
  });
});

describe('Mutation.removeMember', () => {
  it('takes a member out and returns the membership as it was', async () => {
    const { body } = await remove(admin, member);
    expect(body.data.removeMember.membership).toEqual({
      id: member.membershipId,
      role: 'MEMBER',
      user: { email: member.email },
      tenant: { memberCount: 2 },
    });
    expect(await rolesOf()).toEqual(['OWNER', 'ADMIN']);
  });

  it('counts one member less', async () => {
    await remove(owner, member);
    expect(await product.sql('select member_count from tenants where id = $1', [tenantId])).toEqual([
      { member_count: 2 },
    ]);
  });

  it('writes who removed whom', async () => {
    await remove(owner, admin);
    expect(await auditOf()).toMatchObject([
      {
        action: 'membership.remove',
        actor_id: owner.sub,
        target_id: admin.membershipId,
        changes: { userId: admin.sub, role: 'ADMIN' },
      },
    ]);
  });

  it('counts and writes once however many remove the same member at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => remove(owner, member)));
    expect(answers.flatMap(codesOf)).toEqual(Array(5).fill('NOT_FOUND'));
    expect(await product.sql('select member_count from tenants where id = $1', [tenantId])).toEqual([
      { member_count: 2 },
    ]);
    expect(await auditOf()).toHaveLength(1);
  });

  it("leaves the user's other memberships", async () => {
    const otherId = await addTenant(product);
    await addMembership(product, member, otherId, 'MEMBER');
    await remove(owner, member);
    const claims = { tenant_id: otherId, tenant_role: 'MEMBER' };
    const token = await product.pool.signToken(toUserClaims(product, member.sub, claims));
    const { body } = await product.query(token, '{ viewer { memberships { tenant { id } } } }');
    expect(body.data.viewer.memberships).toEqual([{ tenant: { id: otherId } }]);
  });

  it('answers FORBIDDEN to an admin who removes an owner', async () => {
    await expectRefused('FORBIDDEN', () => remove(admin, owner));
  });
});

describe.each(BOTH)('Mutation.%s', (_, act) => {
  it('answers 401 to nobody', async () => {
    const nobody = { token: '' };
    expect((await withoutWriting(product, () => act(nobody, member))).status).toBe(401);
  });

  it('answers FORBIDDEN to a member, and has no data', async () => {
    const answer = await expectRefused('FORBIDDEN', () => act(member, admin));
    expect(answer.body).not.toHaveProperty('data');
  });

  it('answers FORBIDDEN to platform staff, who belong to no tenant', async () => {
    const token = await product.tokenOf('root@tenantry.test');
    await expectRefused('FORBIDDEN', () => act({ token }, member));
  });

  it('answers FORBIDDEN to a machine, whatever it carries', async () => {
    const claims = { tenant_id: tenantId, tenant_role: 'OWNER', 'cognito:groups': ['TenantOwners', 'TenantAdmins'] };
    const token = await product.pool.signToken(toMachineClaims(product, claims));
    await expectRefused('FORBIDDEN', () => act({ token }, member));
  });

  it("answers NOT_FOUND for another tenant's membership", async () => {
    const { membershipId } = await idsOf(product, 'gina@globex.test', 'globex');
    await expectRefused('NOT_FOUND', () => act(owner, { membershipId }));
  });

  it.each([randomUUID(), '', 'x', "' or true --"])('answers NOT_FOUND for the id "%s"', async (membershipId) => {
    await expectRefused('NOT_FOUND', () => act(owner, { membershipId }));
  });

  it('answers FORBIDDEN to an admin who is one no more, where that was not heard yet', async () => {
    await changeUnheard(product, `update memberships set role = 'MEMBER' where id = $1`, [admin.membershipId]);
    await expectRefused('FORBIDDEN', () => act(admin, member));
  });

  it('answers FORBIDDEN to an admin who was removed, where that was not heard yet', async () => {
    await changeUnheard(product, 'delete from memberships where id = $1', [admin.membershipId]);
    await expectRefused('FORBIDDEN', () => act(admin, member));
  });

  it('answers TENANT_SUSPENDED where the tenant is suspended', async () => {
    await product.sql(`update tenants set status = 'SUSPENDED' where id = $1`, [tenantId]);
    await expectRefused('TENANT_SUSPENDED', () => act(owner, member));
  });
});
