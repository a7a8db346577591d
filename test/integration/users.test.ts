import { randomUUID } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { signIn } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, addUser } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';

let product: Product;

beforeAll(async () => {
  product = await getSharedProduct();
});

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
    const name = `early-${randomUUID()}`;
    const email = `${name}@acme.test`;
    const sub = await createPoolUser(email);
    const token = await signIn(product.sdk, email, DEMO_PASSWORD);
    await product.sql('delete from users where id = $1', [sub]);
    expect(await profileOf(token)).toEqual({ email, displayName: name });
    expect(await product.sql('select email, email_proof from users where id = $1', [sub])).toEqual([
      { email, email_proof: 'NONE' },
    ]);
  });

  it('finds one profile however many ask at once', async () => {
    const name = `eager-${randomUUID()}`;
    const email = `${name}@acme.test`;
    const sub = await createPoolUser(email);
    const token = await signIn(product.sdk, email, DEMO_PASSWORD);
    await product.sql('delete from audit_events where target_id = $1', [sub]);
    await product.sql('delete from users where id = $1', [sub]);
    const profiles = await Promise.all(Array.from({ length: 10 }, () => profileOf(token)));
    expect(profiles).toEqual(Array(10).fill({ email, displayName: name }));
    expect(await product.sql('select action from audit_events where target_id = $1', [sub])).toHaveLength(1);
  });

  it('finds no profile where the pool has no such user any more', async () => {
    const email = `gone-${randomUUID()}@acme.test`;
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
  const rename = (token: string, displayName: string) => product.query(token, MUTATION, { displayName });

  it("changes the caller's own name, trimmed, and audits it", async () => {
    const { sub, token } = await addMember(product, await addTenant(product), 'OWNER');
    const { body } = await rename(token, '  Gina G. ');
    expect(body).toEqual({ data: { updateProfile: { user: { displayName: 'Gina G.' } } } });
    expect(await product.sql('select display_name from users where id = $1', [sub])).toEqual([
      { display_name: 'Gina G.' },
    ]);
    expect(
      await product.sql(
        `select actor_id, target_id, changes from audit_events where action = 'user.update' and $1 in (actor_id, target_id)`,
        [sub],
      ),
    ).toEqual([{ actor_id: sub, target_id: sub, changes: { fields: ['displayName'] } }]);
  });

  it("changes nobody else's", async () => {
    const { sub, token } = await addMember(product, await addTenant(product), 'ADMIN');
    const readOthers = () => product.sql('select id, display_name from users where id <> $1 order by id', [sub]);
    const before = await readOthers();
    expect(codesOf(await rename(token, 'Adam II'))).toEqual([]);
    expect(await readOthers()).toEqual(before);
  });

  it('works for a user without a tenant', async () => {
    const { token } = await addUser(product);
    const { body } = await rename(token, 'Somebody II');
    expect(body.data.updateProfile.user.displayName).toBe('Somebody II');
  });

  it.each([
    ['an empty name', '   '],
    ['101 characters', 'x'.repeat(101)],
    ['a line break', 'Mia\nroot'],
    ['text that runs backwards', 'Mia\u202e'],
    ['a character nobody sees', 'M\u200bia'],
  ])('answers BAD_USER_INPUT to %s and writes nothing', async (_, displayName) => {
    const token = await product.tokenOf('mia@acme.test');
    const answer = await withoutWriting(product, () => rename(token, displayName));
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});
