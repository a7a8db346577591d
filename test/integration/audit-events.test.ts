import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addMember, addMembership, addTenant, idsOf, type Member, toUserClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { walkPages } from '../support/walk-pages.ts';

const LIST = `query ($first: Int, $after: String, $tenantId: ID, $action: String, $actorId: String, $since: DateTime, $until: DateTime) {
  auditEvents(first: $first, after: $after, tenantId: $tenantId, action: $action, actorId: $actorId, since: $since, until: $until) {
    totalCount
    nodes { id tenantId at action actorId actorKind targetType targetId outcome reason requestId ip count changes }
    pageInfo { hasNextPage endCursor }
  }
}`;
const CHANGE_ROLE = `mutation ($membershipId: ID!, $role: MembershipRole!) {
  changeMemberRole(input: { membershipId: $membershipId, role: $role }) { membership { id } }
}`;

const NOBODYS = 'aaaaaaaa-0000-4000-8000-000000000000';

let product: Product;
let owner: Member;
let admin: Member;
let member: Member;
let root: string;

beforeAll(async () => {
  product = await getSharedProduct();
  const tenantId = await addTenant(product);
  owner = await addMember(product, tenantId, 'OWNER');
  admin = await addMember(product, tenantId, 'ADMIN');
  member = await addMember(product, tenantId, 'MEMBER');
  root = await product.tokenOf('root@tenantry.test');
});

const list = (token: string, variables: object = {}) => product.query(token, LIST, variables);
const eventsOf = async (token: string, variables: object = {}) => {
  const { body } = await list(token, variables);
  return body.data.auditEvents.nodes;
};

describe('Query.auditEvents', () => {
  it('tells an admin who changed what in the tenant, from which request', async () => {
    const variables = { membershipId: member.membershipId, role: 'ADMIN' };
    await product.query(owner.token, CHANGE_ROLE, variables, { 'x-request-id': 'promotion-1' });
    expect(await eventsOf(admin.token)).toEqual([
      {
        id: expect.any(String),
        tenantId: owner.tenantId,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        action: 'membership.role-change',
        actorId: owner.sub,
        actorKind: 'USER',
        targetType: 'Membership',
        targetId: member.membershipId,
        outcome: 'ALLOWED',
        reason: null,
        requestId: 'promotion-1',
        ip: '127.0.0.1',
        count: 1,
        changes: { role: ['MEMBER', 'ADMIN'] },
      },
    ]);
  });

  it('answers FORBIDDEN to a member', async () => {
    const answer = await list(await product.tokenOf('mia@acme.test'));
    expect([codesOf(answer), answer.body.data]).toEqual([['FORBIDDEN'], { auditEvents: null }]);
  });

  it('answers 401 to nobody', async () => {
    expect((await product.query(null, LIST)).status).toBe(401);
  });

  it("answers NOT_FOUND to another tenant's owner, as to a tenant that never was", async () => {
    const gina = await product.tokenOf('gina@globex.test');
    const headers = { 'x-request-id': 'same' };
    const foreign = await product.query(gina, LIST, { tenantId: owner.tenantId }, headers);
    const unknown = await product.query(gina, LIST, { tenantId: NOBODYS }, headers);
    expect(codesOf(foreign)).toEqual(['NOT_FOUND']);
    expect(foreign.text).toBe(unknown.text);
  });

  it('shows platform staff any tenant they name', async () => {
    const [event] = await eventsOf(root, { tenantId: owner.tenantId });
    expect(event).toMatchObject({ tenantId: owner.tenantId, action: 'membership.role-change' });
  });

  it('shows platform staff what is left of a tenant that is gone', async () => {
    const tenantId = randomUUID();
    await addEvent({ tenantId, action: 'tenant.purge' });
    expect(await eventsOf(root, { tenantId })).toMatchObject([{ tenantId, action: 'tenant.purge' }]);
  });

  it.each([NOBODYS, 'acme', ''])('answers NOT_FOUND to platform staff for the tenant "%s"', async (tenantId) => {
    expect(codesOf(await list(root, { tenantId }))).toEqual(['NOT_FOUND']);
  });

  it('answers TENANT_REQUIRED to platform staff who name none and have none', async () => {
    expect(codesOf(await list(root))).toEqual(['TENANT_REQUIRED']);
  });

  it('shows no event that belongs to no tenant', async () => {
    const { sub } = await idsOf(product, 'gina@globex.test', 'globex');
    const [known] = await product.sql<{ count: string }>(
      `select count(*) from audit_events where tenant_id is null and action = 'user.create' and target_id = $1`,
      [sub],
    );
    expect(known?.count).toBe('1');
    const seen = await eventsOf(await product.tokenOf('gina@globex.test'));
    expect(seen.map(({ action }: { action: string }) => action)).not.toContain('user.create');
  });
});

describe('a trail of many events', () => {
  const START = Date.parse('2026-01-01T00:00:00Z');
  const toInstant = (minute: number) => new Date(START + minute * 60_000).toISOString();
  let reader: Member;
  beforeAll(async () => {
    reader = await addMember(product, await addTenant(product), 'ADMIN');
    // Three at each instant, so that a page ends between equals.
    for (let at = 0; at < 30; at += 1) {
      const action = at % 2 ? 'odd' : 'even';
      const actorId = at % 5 ? 'many' : 'few';
      await addEvent({ tenantId: reader.tenantId, action, actorId, at: toInstant(Math.floor(at / 3)) });
    }
  });

  it('comes newest first', async () => {
    const times = (await eventsOf(reader.token, { first: 100 })).map(({ at }: { at: string }) => at);
    expect(times).toEqual([...times].sort().reverse());
    expect([times[0], times.at(-1)]).toEqual([toInstant(9), toInstant(0)]);
  });

  it.each([
    [{}, 30],
    [{ action: 'odd' }, 15],
    [{ actorId: 'few' }, 6],
    [{ action: 'odd', actorId: 'few' }, 3],
    [{ since: toInstant(3) }, 21],
    [{ until: toInstant(3) }, 9],
    [{ since: toInstant(3), until: toInstant(4) }, 3],
    [{ action: 'even', actorId: 'many', since: toInstant(1), until: toInstant(9) }, 10],
    [{ action: 'none' }, 0],
  ])('is met once each, and counted, given %o', async (filter, expected) => {
    const pages = await walkPages(
      async (after) => (await list(reader.token, { ...filter, first: 4, after })).body.data.auditEvents,
    );
    const ids = pages.flatMap(({ nodes }) => nodes.map(({ id }: { id: string }) => id));
    expect([ids.length, new Set(ids).size]).toEqual([expected, expected]);
    expect((await list(reader.token, filter)).body.data.auditEvents.totalCount).toBe(expected);
  });

  it('gives a cursor that no other filter and no other tenant takes', async () => {
    const { body } = await list(reader.token, { first: 1 });
    const after = body.data.auditEvents.pageInfo.endCursor;
    expect(codesOf(await list(reader.token, { after, action: 'odd' }))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await list(owner.token, { after }))).toEqual(['BAD_USER_INPUT']);
  });

  it.each([0, 101])('answers BAD_USER_INPUT to first: %i', async (first) => {
    expect(codesOf(await list(reader.token, { first }))).toEqual(['BAD_USER_INPUT']);
  });

  it('is that of the tenant the token names, for an admin of two', async () => {
    await addMembership(product, reader, owner.tenantId, 'ADMIN');
    const claims = { tenant_id: owner.tenantId, tenant_role: 'ADMIN' };
    const token = await product.pool.signToken(toUserClaims(product, reader.sub, claims));
    const tenants = (await eventsOf(token)).map(({ tenantId }: { tenantId: string }) => tenantId);
    expect(new Set(tenants)).toEqual(new Set([owner.tenantId]));
  });
});

async function addEvent({ at = new Date().toISOString(), ...event }: Record<string, string>): Promise<void> {
  await product.sql(
    `insert into audit_events (id, tenant_id, at, action, actor_id, target_type, target_id)
     values (gen_random_uuid(), $1, $2, $3, $4, 'Test', 'test')`,
    [event['tenantId'], at, event['action'], event['actorId'] ?? null],
  );
}
