import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { signIn } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import { idsOf } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { withoutWriting } from '../support/tables.ts';

let product: Product;

beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product[Symbol.asyncDispose]());

const askAs = async (email: string, query: string, variables?: object) =>
  product.query(await product.tokenOf(email), query, variables);

describe('Query.users', () => {
  const LIST = 'query ($search: String) { users(search: $search) { totalCount nodes { email } } }';

  it('lists every user to platform staff, oldest first', async () => {
    const { body } = await askAs('root@tenantry.test', LIST);
    expect(body.data.users.nodes[0]).toEqual({ email: 'root@tenantry.test' });
    expect(body.data.users.totalCount).toBeGreaterThanOrEqual(6);
  });

  it('finds by the beginning of an address, in any case', async () => {
    const { body } = await askAs('root@tenantry.test', LIST, { search: 'GINA@' });
    expect(body).toEqual({ data: { users: { totalCount: 1, nodes: [{ email: 'gina@globex.test' }] } } });
  });
});

describe('a first query that comes before the trigger did its work', () => {
  /** A user the pool knows and no trigger has told us of. */
  async function createPoolUser(email: string): Promise<string> {
    const user = { UserPoolId: product.pool.poolId, Username: email };
    const { User } = await product.sdk.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    await product.sdk.send(new AdminSetUserPasswordCommand({ ...user, Password: DEMO_PASSWORD, Permanent: true }));
    return User?.Username ?? '';
  }

  const profileOf = async (token: string) =>
    (await product.query(token, '{ viewer { profile { email displayName } } }')).body.data.viewer.profile;

  it('finds a profile made from the pool', async () => {
    const email = 'early@acme.test';
    const sub = await createPoolUser(email);
    const token = await signIn(product.sdk, email, DEMO_PASSWORD);
    await product.sql('delete from users where id = $1', [sub]);
    expect(await profileOf(token)).toEqual({ email, displayName: 'early' });
    expect(await product.sql('select email, email_proof from users where id = $1', [sub])).toEqual([
      { email, email_proof: 'NONE' },
    ]);
  });

  it('finds one profile however many ask at once', async () => {
    const email = 'eager@acme.test';
    const sub = await createPoolUser(email);
    const token = await signIn(product.sdk, email, DEMO_PASSWORD);
    await product.sql('delete from audit_events where target_id = $1', [sub]);
    await product.sql('delete from users where id = $1', [sub]);
    const profiles = await Promise.all(Array.from({ length: 10 }, () => profileOf(token)));
    expect(profiles).toEqual(Array(10).fill({ email, displayName: 'eager' }));
    expect(await product.sql('select action from audit_events where target_id = $1', [sub])).toHaveLength(1);
  });

  it('finds no profile where the pool has no such user any more', async () => {
    const email = 'gone@acme.test';
    const sub = await createPoolUser(email);
    const token = await signIn(product.sdk, email, DEMO_PASSWORD);
    await product.sql('delete from users where id = $1', [sub]);
    await product.sdk.send(new AdminDeleteUserCommand({ UserPoolId: product.pool.poolId, Username: email }));
    expect(await profileOf(token)).toBeNull();
  });
});

describe('Mutation.updateProfile', () => {
  const MUTATION =
    'mutation ($displayName: String!) { updateProfile(input: { displayName: $displayName }) { user { displayName } } }';
  const rename = (email: string, displayName: string) => askAs(email, MUTATION, { displayName });

  it("changes the caller's own name, trimmed, and audits it", async () => {
    const { sub } = await idsOf(product, 'gina@globex.test', 'globex');
    const { body } = await rename('gina@globex.test', '  Gina G. ');
    expect(body).toEqual({ data: { updateProfile: { user: { displayName: 'Gina G.' } } } });
    expect(await product.sql('select display_name from users where id = $1', [sub])).toEqual([
      { display_name: 'Gina G.' },
    ]);
    expect(
      await product.sql(`select actor_id, target_id, changes from audit_events where action = 'user.update'`),
    ).toEqual([{ actor_id: sub, target_id: sub, changes: { fields: ['displayName'] } }]);
  });

  it("changes nobody else's", async () => {
    const others = "select id, display_name from users where email <> 'adam@acme.test' order by id";
    const before = await product.sql(others);
    await rename('adam@acme.test', 'Adam II');
    expect(await product.sql(others)).toEqual(before);
  });

  it('works for a user without a tenant', async () => {
    const { body } = await rename('root@tenantry.test', 'Root II');
    expect(body.data.updateProfile.user.displayName).toBe('Root II');
  });

  it.each([
    ['an empty name', '   '],
    ['101 characters', 'x'.repeat(101)],
    ['a line break', 'Mia\nroot'],
    ['text that runs backwards', 'Mia\u202e'],
    ['a character nobody sees', 'M\u200bia'],
  ])('answers BAD_USER_INPUT to %s and writes nothing', async (_, displayName) => {
    const answer = await withoutWriting(product, () => rename('mia@acme.test', displayName));
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});
