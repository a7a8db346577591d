import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, idsOf, type Member, toMachineClaims } from '../support/people.ts';
import { type Answer, type Product, startProduct } from '../support/product.ts';
import { readTables } from '../support/tables.ts';

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
  product = await startProduct();
});
afterAll(() => product[Symbol.asyncDispose]());
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

const rolesOf = async (id = tenantId) => {
  const rows = await product.sql<{ role: string }>('select role from memberships where tenant_id = $1 order by id', [
    id,
  ]);
  return rows.map(({ role }) => role);
};
const auditOf = (id = tenantId) =>
  product.sql(
    'select action, actor_id, actor_kind, target_id, request_id, changes from audit_events where tenant_id = $1',
    [id],
  );
const versionOf = async ({ membershipId }: Target) => {
  const [row] = await product.sql<{ version: string }>('select version from memberships where id = $1', [membershipId]);
  return Number(row?.version);
};

async function expectRefused(code: string, act: () => Promise<Answer>): Promise<Answer> {
  const before = await readTables(product);
  const answer = await act();
  expect(codesOf(answer)).toEqual([code]);
  expect(await readTables(product)).toEqual(before);
  return answer;
}

describe('a tenant keeps an owner', () => {
  const ROUNDS = 12;

  // Every round is a tenant of its own, and all of them race at once.
  it.each([
    ['two owners who demote each other', (one: Member, other: Member) => change(one, other, 'MEMBER')],
    ['two owners who remove each other', (one: Member, other: Member) => remove(one, other)],
    ['two owners who both step down', (one: Member) => change(one, one, 'MEMBER')],
    ['two owners who both leave', (one: Member) => remove(one, one)],
  ])('whatever comes of %s at the same moment', async (_, act) => {
    const rounds = Array.from({ length: ROUNDS }, async () => {
      const id = await addTenant(product);
      const [one, other] = [await addMember(product, id, 'OWNER'), await addMember(product, id, 'OWNER')];
      const answers = await Promise.all([act(one, other), act(other, one)]);
      return { codes: answers.flatMap(codesOf), owners: (await rolesOf(id)).filter((role) => role === 'OWNER').length };
    });
    for (const { codes, owners } of await Promise.all(rounds)) {
      expect(owners).toBe(1);
      expect(codes).toHaveLength(1);
      expect(['CONFLICT', 'FORBIDDEN', 'NOT_FOUND']).toContain(codes[0]);
    }
  });
});
