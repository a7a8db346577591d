import { createHash, randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import {
  addProven,
  type Bearer,
  createInvitationClient,
  expire,
  type InvitationClient,
  type Invited,
  toAddress,
  toInvited,
} from '../support/invitations.ts';
import { addMember, addTenant, type Member, toMachineClaims } from '../support/people.ts';
import type { Answer, Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { changeUnheard } from '../support/unheard.ts';

const LIST = `query ($status: InvitationStatus, $first: Int, $after: String) {
  invitations(status: $status, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { id email status invitedBy { id } }
  }
}`;
const WEEK_MS = 7 * 24 * 3_600_000;

let product: Product;
let client: InvitationClient;
let tenantId: string;
let owner: Member;
let admin: Member;
let member: Member;

beforeAll(async () => {
  product = await getSharedProduct();
  client = createInvitationClient(product);
});
beforeEach(async () => {
  tenantId = await addTenant(product);
  [owner, admin, member] = [
    await addMember(product, tenantId, 'OWNER'),
    await addMember(product, tenantId, 'ADMIN'),
    await addMember(product, tenantId, 'MEMBER'),
  ];
});

const list = ({ token }: Bearer, variables: object = {}) => product.query(token, LIST, variables);
const auditOf = ({ id }: Pick<Invited, 'id'>) =>
  product.sql('select action, actor_id, changes from audit_events where target_id = $1 order by id', [id]);
const statusOf = async ({ id }: Pick<Invited, 'id'>) =>
  (await product.sql<{ status: string }>('select status from invitations where id = $1', [id]))[0]?.status;
const change = (text: string) => product.sql(text, [tenantId]);

async function expectRefused(code: string, act: () => Promise<Answer>): Promise<Answer> {
  const answer = await withoutWriting(product, act);
  expect(codesOf(answer)).toEqual([code]);
  return answer;
}

describe('Mutation.inviteMember', () => {
  it('offers an address a place for seven days, and shows the secret', async () => {
    const email = toAddress();
    const { body } = await client.invite(admin, email, 'ADMIN');
    const { invitation, secret } = body.data.inviteMember;
    expect(invitation).toMatchObject({ tenantId, email, role: 'ADMIN', status: 'PENDING' });
    expect(invitation.invitedBy).toEqual({ id: admin.membershipId, user: { email: admin.email } });
    expect(secret).toMatch(/^inv_[\w-]{64}$/);
    const lifetime = Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt);
    expect(Math.abs(lifetime - WEEK_MS)).toBeLessThan(60_000);
  });

  it('keeps of the secret its hash alone, and nothing of it or the address in the audit trail', async () => {
    const email = toAddress();
    const invited = await client.invited(owner, email, 'OWNER');
    const rows = await product.sql<{ all: string; hash: string }>(
      'select i::text as all, secret_hash as hash from invitations i where id = $1',
      [invited.id],
    );
    expect(rows[0]?.hash).toBe(createHash('sha256').update(invited.secret).digest('hex'));
    expect(rows[0]?.all).not.toContain(invited.secret.slice(4));
    expect(await auditOf(invited)).toEqual([
      { action: 'invitation.create', actor_id: owner.sub, changes: { role: 'OWNER' } },
    ]);
  });

  it('gives no two invitations one secret', async () => {
    const invited = [await client.invited(owner, toAddress()), await client.invited(owner, toAddress())];
    expect(new Set(invited.map(({ secret }) => secret)).size).toBe(2);
  });

  it('answers FORBIDDEN to an admin who offers more than he is', async () => {
    await expectRefused('FORBIDDEN', () => client.invite(admin, toAddress(), 'OWNER'));
  });

  it('answers CONFLICT for the address of a member, in any case of letters', async () => {
    await expectRefused('CONFLICT', () => client.invite(admin, member.email.toUpperCase()));
  });

  it('answers CONFLICT for an address with an open invitation, in any case of letters', async () => {
    const email = toAddress();
    await client.invited(admin, email);
    await expectRefused('CONFLICT', () => client.invite(owner, email.toUpperCase()));
  });

  it('leaves another tenant free to invite the same address', async () => {
    const other = await addMember(product, await addTenant(product), 'OWNER');
    const email = toAddress();
    await client.invited(admin, email);
    expect(codesOf(await client.invite(other, email))).toEqual([]);
  });

  it('takes the place of one that has expired', async () => {
    const email = toAddress();
    const old = await client.invited(admin, email);
    await expire(product, old);
    const next = await client.invited(admin, email);
    expect([await statusOf(old), await statusOf(next)]).toEqual(['REVOKED', 'PENDING']);
    expect(await auditOf(old)).toMatchObject([{ action: 'invitation.create' }, { action: 'invitation.revoke' }]);
  });

  it.each(['REVOKED', 'DECLINED', 'ACCEPTED'])('may follow one that is %s', async (status) => {
    const email = toAddress();
    const { id } = await client.invited(admin, email);
    await product.sql('update invitations set status = $2 where id = $1', [id, status]);
    expect(codesOf(await client.invite(admin, email))).toEqual([]);
  });

  it('answers CONFLICT where the tenant has as many members as it may have', async () => {
    await change('update tenants set member_limit = 3 where id = $1');
    await expectRefused('CONFLICT', () => client.invite(owner, toAddress()));
  });

  it('answers CONFLICT to the invitation after a thousand open ones, which the expired are none of', async () => {
    await change(`insert into invitations (tenant_id, id, email, email_key, role, secret_hash, expires_at)
      select $1, gen_random_uuid(), n || '@crowd.test', n || '@crowd.test', 'MEMBER', n, now() + interval '1 hour'
      from generate_series(1, 1000) n`);
    await expectRefused('CONFLICT', () => client.invite(owner, toAddress()));
    await change(`update invitations set expires_at = now() where tenant_id = $1 and secret_hash = '7'`);
    expect(codesOf(await client.invite(owner, toAddress()))).toEqual([]);
  });

  it.each(['', 'nobody', '@acme.test', 'a b@acme.test', 'a@acme.test, b@acme.test', 'a@acme.test\r\nBcc: b@acme.test'])(
    'answers BAD_USER_INPUT to the address %j',
    async (email) => {
      await expectRefused('BAD_USER_INPUT', () => client.invite(admin, email));
    },
  );

  it('answers BAD_USER_INPUT to a role that does not exist', async () => {
    await expectRefused('BAD_USER_INPUT', () => client.invite(admin, toAddress(), 'EMPEROR'));
  });

  it('keeps one of many to the same address at the same moment', async () => {
    const email = toAddress();
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.invite(admin, email)));
    expect(answers.flatMap(codesOf)).toEqual(Array(7).fill('CONFLICT'));
    expect((await list(admin)).body.data.invitations.totalCount).toBe(1);
  });
});

describe('Mutation.resendInvitation', () => {
  it('gives a new secret and a new week, in the name of whoever sends', async () => {
    const invited = await client.invited(owner, toAddress());
    await expire(product, invited);
    const { body } = await client.resend(admin, invited);
    const { invitation, secret } = body.data.resendInvitation;
    expect(invitation).toMatchObject({ id: invited.id, status: 'PENDING', invitedBy: { id: admin.membershipId } });
    expect(Date.parse(invitation.expiresAt)).toBeGreaterThan(Date.now() + WEEK_MS - 60_000);
    expect(secret).not.toBe(invited.secret);
    expect((await auditOf(invited)).at(-1)).toEqual({
      action: 'invitation.resend',
      actor_id: admin.sub,
      changes: null,
    });
  });

  it('ends the secret before', async () => {
    const guest = await addProven(product);
    const invited = await client.invited(admin, guest.email);
    const again = toInvited(await client.resend(admin, invited));
    await expectRefused('NOT_FOUND', () => client.accept(guest, invited));
    expect(codesOf(await client.accept(guest, again))).toEqual([]);
  });

  it.each(['REVOKED', 'DECLINED', 'ACCEPTED'])('answers CONFLICT for one that is %s', async (status) => {
    const invited = await client.invited(admin, toAddress());
    await product.sql('update invitations set status = $2 where id = $1', [invited.id, status]);
    await expectRefused('CONFLICT', () => client.resend(admin, invited));
  });
});

describe('Mutation.revokeInvitation', () => {
  it('takes an invitation back, so that its secret opens nothing', async () => {
    const guest = await addProven(product);
    const invited = await client.invited(owner, guest.email);
    const { body } = await client.revoke(admin, invited);
    expect(body.data.revokeInvitation.invitation).toMatchObject({ id: invited.id, status: 'REVOKED' });
    expect((await auditOf(invited)).at(-1)).toMatchObject({ action: 'invitation.revoke', actor_id: admin.sub });
    await expectRefused('NOT_FOUND', () => client.accept(guest, invited));
  });

  it('leaves one that is taken back, and writes nothing', async () => {
    const invited = await client.invited(admin, toAddress());
    await client.revoke(admin, invited);
    const { body } = await withoutWriting(product, () => client.revoke(admin, invited));
    expect(body.data.revokeInvitation.invitation.status).toBe('REVOKED');
  });

  it.each(['DECLINED', 'ACCEPTED'])('answers CONFLICT for one that is %s', async (status) => {
    const invited = await client.invited(admin, toAddress());
    await product.sql('update invitations set status = $2 where id = $1', [invited.id, status]);
    await expectRefused('CONFLICT', () => client.revoke(admin, invited));
  });
});

describe('Query.invitations', () => {
  it('lists newest first, page by page', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await client.invited(admin, toAddress())).id);
    const { invitations: first } = (await list(admin, { first: 2 })).body.data;
    expect([first.totalCount, first.pageInfo.hasNextPage]).toEqual([3, true]);
    const after = first.pageInfo.endCursor;
    const { invitations: second } = (await list(admin, { first: 2, after })).body.data;
    expect([...first.nodes, ...second.nodes].map(({ id }) => id)).toEqual(ids);
  });

  it.each(['PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED', 'EXPIRED'])('finds those that are %s', async (status) => {
    const invited = new Map<string, string>();
    for (const each of ['PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED', 'EXPIRED']) {
      const { id } = await client.invited(admin, toAddress());
      invited.set(each, id);
      if (each === 'EXPIRED') await expire(product, { id });
      else await product.sql('update invitations set status = $2 where id = $1', [id, each]);
    }
    const { nodes, totalCount } = (await list(admin, { status })).body.data.invitations;
    expect([nodes, totalCount]).toMatchObject([[{ id: invited.get(status), status }], 1]);
  });

  it('shows nobody as the inviter once that member has left', async () => {
    await client.invited(admin, toAddress());
    await product.sql('delete from memberships where id = $1', [admin.membershipId]);
    expect((await list(owner)).body.data.invitations.nodes).toMatchObject([{ invitedBy: null }]);
  });

  it("shows no other tenant's", async () => {
    const other = await addMember(product, await addTenant(product), 'OWNER');
    await client.invited(other, toAddress());
    expect((await list(owner)).body.data.invitations).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it('answers FORBIDDEN to a member', async () => {
    expect(codesOf(await list(member))).toEqual(['FORBIDDEN']);
  });
});

/** What those who run a tenant do with invitations, so that each refusal is asked of all. */
const ADMIN_VERBS: [string, (actor: Bearer, invited: Invited) => Promise<Answer>][] = [
  ['inviteMember', (actor) => client.invite(actor, toAddress())],
  ['resendInvitation', (actor, invited) => client.resend(actor, invited)],
  ['revokeInvitation', (actor, invited) => client.revoke(actor, invited)],
];

describe.each(ADMIN_VERBS)('Mutation.%s', (_, act) => {
  let invited: Invited;
  beforeEach(async () => {
    invited = await client.invited(owner, toAddress());
  });

  it('answers 401 to nobody', async () => {
    expect((await withoutWriting(product, () => act({ token: null }, invited))).status).toBe(401);
  });

  it('answers FORBIDDEN to a member, and has no data', async () => {
    const answer = await expectRefused('FORBIDDEN', () => act(member, invited));
    expect(answer.body).not.toHaveProperty('data');
  });

  it('answers FORBIDDEN to a machine, whatever it carries', async () => {
    const claims = { tenant_id: tenantId, tenant_role: 'OWNER', 'cognito:groups': ['TenantOwners', 'TenantAdmins'] };
    const token = await product.pool.signToken(toMachineClaims(product, claims));
    await expectRefused('FORBIDDEN', () => act({ token }, invited));
  });

  it.each([
    ['a member by now', `update memberships set role = 'MEMBER' where id = $1`],
    ['removed', 'delete from memberships where id = $1'],
  ])('answers FORBIDDEN to an admin who is %s, where that was not heard yet', async (_what, sql) => {
    await changeUnheard(product, sql, [admin.membershipId]);
    await expectRefused('FORBIDDEN', () => act(admin, invited));
  });

  it('answers TENANT_SUSPENDED where the tenant is suspended', async () => {
    await change(`update tenants set status = 'SUSPENDED' where id = $1`);
    await expectRefused('TENANT_SUSPENDED', () => act(owner, invited));
  });
});

describe.each(ADMIN_VERBS.slice(1))('Mutation.%s', (_, act) => {
  it('answers FORBIDDEN to an admin for an invitation to more than he is', async () => {
    const invited = await client.invited(owner, toAddress(), 'OWNER');
    await expectRefused('FORBIDDEN', () => act(admin, invited));
  });

  it("answers another tenant's invitation as an id that does not exist", async () => {
    const other = await addMember(product, await addTenant(product), 'OWNER');
    const foreign = await client.invited(other, toAddress());
    const answer = await expectRefused('NOT_FOUND', () => act(owner, foreign));
    expect(answer.text).toBe((await act(owner, { id: randomUUID(), secret: '' })).text);
  });

  it.each(['', 'x', "' or true --"])('answers NOT_FOUND for the id "%s"', async (id) => {
    await expectRefused('NOT_FOUND', () => act(owner, { id, secret: '' }));
  });
});
