import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, type Member } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';

const DEMOTE = `mutation ($membershipId: ID!) {
  changeMemberRole(input: { membershipId: $membershipId, role: MEMBER }) { membership { id } }
}`;
const REMOVE = `mutation ($membershipId: ID!) {
  removeMember(input: { membershipId: $membershipId }) { membership { id } }
}`;
const ROUNDS = 12;

let product: Product;

beforeAll(async () => {
  product = await getSharedProduct();
});

const demote = ({ token }: Member, { membershipId }: Member) => product.query(token, DEMOTE, { membershipId });
const remove = ({ token }: Member, { membershipId }: Member) => product.query(token, REMOVE, { membershipId });

describe('the last owner of a tenant', () => {
  let owner: Member;
  beforeEach(async () => {
    const tenantId = await addTenant(product);
    owner = await addMember(product, tenantId, 'OWNER');
    await addMember(product, tenantId, 'ADMIN');
  });

  it.each([
    ['step down', demote],
    ['leave', remove],
  ])('cannot %s: CONFLICT', async (_, act) => {
    expect(codesOf(await withoutWriting(product, () => act(owner, owner)))).toEqual(['CONFLICT']);
  });

  it.each([
    ['step down', demote],
    ['leave', remove],
  ])('can %s once there is another', async (_, act) => {
    await addMember(product, owner.tenantId, 'OWNER');
    expect(codesOf(await act(owner, owner))).toEqual([]);
  });
});

describe('two owners at the same moment', () => {
  const ownersOf = (tenantId: string) =>
    product.sql(`select id from memberships where tenant_id = $1 and role = 'OWNER'`, [tenantId]);

  // Every round is a tenant of its own, and all of them race at once.
  const runRounds = (act: (one: Member, other: Member) => ReturnType<typeof demote>) =>
    Promise.all(
      Array.from({ length: ROUNDS }, async () => {
        const tenantId = await addTenant(product);
        const [one, other] = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'OWNER')];
        const answers = await Promise.all([act(one, other), act(other, one)]);
        return { codes: answers.flatMap(codesOf), owners: (await ownersOf(tenantId)).length };
      }),
    );

  it.each([
    ['demote each other', demote],
    ['remove each other', remove],
    ['step down', (one: Member) => demote(one, one)],
    ['leave', (one: Member) => remove(one, one)],
  ])('who %s leave one owner, and one of them is refused', async (_, act) => {
    for (const { codes, owners } of await runRounds(act)) {
      expect(owners).toBe(1);
      expect(codes).toHaveLength(1);
      expect(['CONFLICT', 'FORBIDDEN', 'NOT_FOUND']).toContain(codes[0]);
    }
  });
});
