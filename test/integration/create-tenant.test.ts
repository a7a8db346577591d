import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addTenant, addUser, idsOf, toMachineClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { readTables } from '../support/tables.ts';

let product: Product;
let acmeId: string;
let globexId: string;

beforeAll(async () => {
  product = await startProduct();
  acmeId = (await idsOf(product, 'mia@acme.test', 'acme')).tenantId;
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
});
afterAll(() => product[Symbol.asyncDispose]());

const askAs = async (email: string, query: string, variables?: object) =>
  product.query(await product.tokenOf(email), query, variables);

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

  const expectNothingWritten = async (act: () => Promise<unknown>) => {
    const before = await readTables(product);
    await act();
    expect(await readTables(product)).toEqual(before);
  };

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
    const { body } = await create(await product.tokenOf('dora@both.test'), {});
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
    await expectNothingWritten(async () =>
      expect(codesOf(await create(token, { ownerUserId: sub }))).toEqual(['FORBIDDEN']),
    );
  });

  it.each([randomUUID(), 'mia'])('answers BAD_USER_INPUT for an owner nobody knows: "%s"', async (ownerUserId) => {
    const root = await product.tokenOf('root@tenantry.test');
    await expectNothingWritten(async () =>
      expect(codesOf(await create(root, { ownerUserId }))).toEqual(['BAD_USER_INPUT']),
    );
  });

  it('answers CONFLICT to a slug that is taken, also by a tenant the caller cannot see', async () => {
    const { token } = await addUser(product);
    await expectNothingWritten(async () =>
      expect(codesOf(await create(token, { slug: 'globex' }))).toEqual(['CONFLICT']),
    );
  });

  it('makes one tenant when the same slug is asked for many times at once', async () => {
    const { token } = await addUser(product);
    const slug = freshSlug();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(token, { slug })));
    const codes = answers.flatMap(codesOf);
    expect(codes).toEqual(Array(7).fill('CONFLICT'));
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
    await expectNothingWritten(async () => expect(codesOf(await create(token, { slug }))).toEqual(['BAD_USER_INPUT']));
  });

  it.each([
    ['empty', ' '],
    ['of 101 characters', 'x'.repeat(101)],
    ['with a control character', 'Ac\u0000me'],
  ])('answers BAD_USER_INPUT to a name %s', async (_, name) => {
    const { token } = await addUser(product);
    await expectNothingWritten(async () => expect(codesOf(await create(token, { name }))).toEqual(['BAD_USER_INPUT']));
  });

  it('answers FORBIDDEN to a machine, and has no data', async () => {
    const claims = { tenant_id: acmeId, scope: 'tenantry/members.read' };
    const token = await product.pool.signToken(toMachineClaims(product, claims));
    await expectNothingWritten(async () => {
      const answer = await create(token, {});
      expect([codesOf(answer), 'data' in answer.body]).toEqual([['FORBIDDEN'], false]);
    });
  });
});
