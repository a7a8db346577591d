import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, addUser, idsOf, toMachineClaims } from '../support/people.ts';
import type { Answer, Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';

let product: Product;

beforeAll(async () => {
  product = await getSharedProduct();
});

describe('Mutation.createTenant', () => {
  const MUTATION = `mutation ($name: String!, $slug: String!, $ownerUserId: ID) {
    createTenant(input: { name: $name, slug: $slug, ownerUserId: $ownerUserId }) { tenant { id slug name status memberCount } }
  }`;
  const freshSlug = () => `made-${randomUUID().slice(0, 8)}`;
  const create = (token: string, input: object) =>
    product.query(token, MUTATION, { name: 'Made', slug: freshSlug(), ...input });

  const ownersOf = (slug: string) =>
    product.sql(
      'select m.user_id as id, m.role from memberships m join tenants t on t.id = m.tenant_id where t.slug = $1',
      [slug],
    );

  async function expectRefused(code: string, act: () => Promise<Answer>): Promise<Answer> {
    const answer = await withoutWriting(product, act);
    expect(codesOf(answer)).toEqual([code]);
    return answer;
  }

  it('makes a tenant with the caller as its owner, and audits it', async () => {
    const user = await addUser(product);
    const slug = freshSlug();
    const { body } = await create(user.token, { name: ' Umbrella ', slug });
    expect(body.data.createTenant.tenant).toMatchObject({ slug, name: 'Umbrella', status: 'ACTIVE', memberCount: 1 });
    expect(await ownersOf(slug)).toEqual([{ id: user.sub, role: 'OWNER' }]);
    const { id } = body.data.createTenant.tenant;
    expect(
      await product.sql('select action, actor_id, target_id from audit_events where tenant_id = $1', [id]),
    ).toEqual([{ action: 'tenant.create', actor_id: user.sub, target_id: id }]);
  });

  it('makes a second tenant for a member of another', async () => {
    const { token } = await addMember(product, await addTenant(product), 'MEMBER');
    const { body } = await create(token, {});
    expect(body.data.createTenant.tenant.memberCount).toBe(1);
  });

  it('makes one for another user at the word of platform staff', async () => {
    const owner = await addUser(product);
    const slug = freshSlug();
    const root = await product.tokenOf('root@tenantry.test');
    const { body } = await create(root, { slug, ownerUserId: owner.sub });
    expect(body.data.createTenant.tenant.slug).toBe(slug);
    expect(await ownersOf(slug)).toEqual([{ id: owner.sub, role: 'OWNER' }]);
  });

  it.each(['adam@acme.test', 'olivia@acme.test'])('answers FORBIDDEN to %s who names another owner', async (email) => {
    const { sub } = await idsOf(product, 'gina@globex.test', 'globex');
    const token = await product.tokenOf(email);
    await expectRefused('FORBIDDEN', () => create(token, { ownerUserId: sub }));
  });

  it.each([randomUUID(), 'mia'])('answers BAD_USER_INPUT for an owner nobody knows: "%s"', async (ownerUserId) => {
    const root = await product.tokenOf('root@tenantry.test');
    await expectRefused('BAD_USER_INPUT', () => create(root, { ownerUserId }));
  });

  it('answers CONFLICT to a slug that is taken, also by a tenant the caller cannot see', async () => {
    const { token } = await addUser(product);
    await expectRefused('CONFLICT', () => create(token, { slug: 'globex' }));
  });

  it('makes one tenant for a user who asks many times at once, and answers it to all', async () => {
    const { token } = await addUser(product);
    const slug = freshSlug();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(token, { slug })));
    const ids = new Set(answers.map(({ body }) => body.data.createTenant.tenant.id));
    expect(ids.size).toBe(1);
    expect(await ownersOf(slug)).toHaveLength(1);
  });

  it('makes no second one for who asks again, also when platform staff do for another', async () => {
    const { sub } = await addUser(product);
    const root = await product.tokenOf('root@tenantry.test');
    const input = { slug: freshSlug(), ownerUserId: sub };
    const first = await create(root, input);
    const again = await withoutWriting(product, () => create(root, input));
    expect(again.body).toEqual(first.body);
  });

  it('answers CONFLICT to who asks again for a tenant that is not quite the same, or not his any more', async () => {
    const { token, sub } = await addUser(product);
    const slug = freshSlug();
    await create(token, { slug });
    await expectRefused('CONFLICT', () => create(token, { slug, name: 'Another' }));
    await product.sql(`update memberships set role = 'ADMIN' where user_id = $1`, [sub]);
    await expectRefused('CONFLICT', () => create(token, { slug }));
  });

  it('makes one tenant when different users ask for one slug at once', async () => {
    const users = await Promise.all(Array.from({ length: 8 }, () => addUser(product)));
    const slug = freshSlug();
    const answers = await Promise.all(users.map(({ token }) => create(token, { slug })));
    expect(answers.flatMap(codesOf)).toEqual(Array(7).fill('CONFLICT'));
    expect(await ownersOf(slug)).toHaveLength(1);
  });

  it.each([
    'ab',
    'a'.repeat(41),
    'Upper',
    'two--dashes',
    '-edge',
    'edge-',
    'under_score',
    'uml\u00e4ut',
    'a b',
    'abc\n',
  ])('answers BAD_USER_INPUT to the slug %j', async (slug) => {
    const { token } = await addUser(product);
    await expectRefused('BAD_USER_INPUT', () => create(token, { slug }));
  });

  it.each([
    ['empty', ' '],
    ['of 101 characters', 'x'.repeat(101)],
    ['with a control character', 'Ac\u0000me'],
  ])('answers BAD_USER_INPUT to a name %s', async (_, name) => {
    const { token } = await addUser(product);
    await expectRefused('BAD_USER_INPUT', () => create(token, { name }));
  });

  it('answers FORBIDDEN to a machine, and has no data', async () => {
    const { tenantId } = await idsOf(product, 'mia@acme.test', 'acme');
    const claims = { tenant_id: tenantId, scope: 'tenantry/members.read' };
    const token = await product.pool.signToken(toMachineClaims(product, claims));
    const answer = await expectRefused('FORBIDDEN', () => create(token, {}));
    expect(answer.body).not.toHaveProperty('data');
  });
});
