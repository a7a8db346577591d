import { randomUUID } from 'node:crypto';
import { AdminGetUserCommand, NotAuthorizedException } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { signIn, startSession, switchTenant } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { idsOf, toMachineClaims } from '../support/people.ts';
import { type Answer, type Product, startProduct } from '../support/product.ts';
import { withoutWriting } from '../support/tables.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const DISABLE = 'mutation ($userId: ID!) { disableUser(input: { userId: $userId }) { user { id disabledAt } } }';
const ENABLE = 'mutation ($userId: ID!) { enableUser(input: { userId: $userId }) { user { id disabledAt } } }';
const MIA = 'mia@acme.test';

let product: Product;
let root: string;
let mia: { readonly sub: string; readonly tenantId: string };

beforeAll(async () => {
  product = await startProduct({ overrides: { timings: { outbox: { pollMs: 20 } } } });
  root = await product.tokenOf('root@tenantry.test');
  mia = await idsOf(product, MIA, 'acme');
});
afterAll(() => product[Symbol.asyncDispose]());

const disable = (userId: string, token: string | null = root) => product.query(token, DISABLE, { userId });
const enable = (userId: string, token: string | null = root) => product.query(token, ENABLE, { userId });
const isEnabledAtPool = async () => {
  const command = new AdminGetUserCommand({ UserPoolId: product.pool.poolId, Username: MIA });
  return (await product.sdk.send(command)).Enabled;
};
const changesOf = async (userId: string) =>
  (await product.sql<{ kind: string }>('select kind from outbox where user_id = $1 order by id', [userId])).map(
    ({ kind }) => kind,
  );
const isQuiet = async () => {
  const open = await product.sql('select from outbox where done_at is null');
  return open.length === 0;
};
const settled = () => expect.poll(isQuiet, EVENTUALLY).toBe(true);

beforeEach(async () => {
  await enable(mia.sub);
  await settled();
  await product.sql('delete from outbox');
  await product.sql(`delete from audit_events where action like 'user.%able'`);
});

describe('Mutation.disableUser', () => {
  it('keeps a user out: here at once, and at the pool', async () => {
    const { body } = await disable(mia.sub);
    expect(body.data.disableUser.user).toEqual({ id: mia.sub, disabledAt: expect.any(String) });
    await expect.poll(isEnabledAtPool, EVENTUALLY).toBe(false);
    await settled();
    expect(await changesOf(mia.sub)).toEqual(['DISABLE', 'SIGN_OUT']);
    await expect(signIn(product.sdk, MIA, DEMO_PASSWORD)).rejects.toThrow(NotAuthorizedException);
  });

  it('ends the sign-ins there are', async () => {
    const { refreshToken } = await startSession(product.sdk, MIA, DEMO_PASSWORD);
    await disable(mia.sub);
    await settled();
    await expect(switchTenant(product.sdk, refreshToken, mia.tenantId)).rejects.toThrow(NotAuthorizedException);
  });

  it('writes who kept out whom', async () => {
    await disable(mia.sub);
    const [{ sub } = { sub: '' }] = await product.sql<{ sub: string }>(
      `select id as sub from users where email = 'root@tenantry.test'`,
    );
    expect(
      await product.sql(`select actor_id, tenant_id, target_id from audit_events where action = 'user.disable'`),
    ).toEqual([{ actor_id: sub, tenant_id: null, target_id: mia.sub }]);
  });

  it('changes nothing when it comes again', async () => {
    const first = await disable(mia.sub);
    await settled();
    const second = await withoutWriting(product, () => disable(mia.sub));
    expect(second.body).toEqual(first.body);
  });

  it('counts once, of many at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => disable(mia.sub)));
    expect(answers.flatMap(codesOf)).toEqual([]);
    await settled();
    expect(await changesOf(mia.sub)).toEqual(['DISABLE', 'SIGN_OUT']);
  });

  it('answers CONFLICT to who names himself', async () => {
    const [{ id } = { id: '' }] = await product.sql<{ id: string }>(
      `select id from users where email = 'root@tenantry.test'`,
    );
    expect(codesOf(await withoutWriting(product, () => disable(id)))).toEqual(['CONFLICT']);
  });
});

describe('a disabled user', () => {
  let token: string;
  beforeEach(async () => {
    token = await signIn(product.sdk, MIA, DEMO_PASSWORD);
    await disable(mia.sub);
    await settled();
  });

  it('changes nothing any more, though his token lives', async () => {
    const rename = 'mutation { updateProfile(input: { displayName: "Still here" }) { user { id } } }';
    const answer = await withoutWriting(product, () => product.query(token, rename));
    expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
  });

  it('gets no token stamped, whatever the pool thinks of him so far', async () => {
    const userAttributes = { sub: mia.sub, email: MIA, email_verified: 'true' };
    const rest = { version: '2', request: { userAttributes, groupConfiguration: { groupsToOverride: [] } } };
    const { status, body } = await sendEvent(
      product,
      toEvent(product, 'TokenGeneration_RefreshTokens', userAttributes, rest),
    );
    expect([status, body]).toEqual([422, { code: 'FORBIDDEN', message: 'This account is disabled.' }]);
  });

  it('is told to platform staff alone', async () => {
    const ask = 'query ($id: ID!) { member(id: $id) { user { displayName disabledAt } } }';
    const { membershipId } = await idsOf(product, MIA, 'acme');
    const answer = await product.query(await product.tokenOf('olivia@acme.test'), ask, { id: membershipId });
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(answer.body.data.member.user).toEqual({ displayName: expect.any(String), disabledAt: null });
  });
});

describe('Mutation.enableUser', () => {
  it('lets a disabled user sign in again', async () => {
    await disable(mia.sub);
    const { body } = await enable(mia.sub);
    expect(body.data.enableUser.user).toEqual({ id: mia.sub, disabledAt: null });
    await settled();
    expect(await changesOf(mia.sub)).toEqual(['DISABLE', 'SIGN_OUT', 'ENABLE']);
    await expect(signIn(product.sdk, MIA, DEMO_PASSWORD)).resolves.toEqual(expect.any(String));
  });

  it('changes nothing for a user who is not disabled', async () => {
    expect(codesOf(await withoutWriting(product, () => enable(mia.sub)))).toEqual([]);
  });

  it('leaves the pool as the last of both has it, whichever that is', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? disable(mia.sub) : enable(mia.sub))));
    await settled();
    const [row] = await product.sql<{ enabled: boolean }>(
      'select disabled_at is null as enabled from users where id = $1',
      [mia.sub],
    );
    expect(await isEnabledAtPool()).toBe(row?.enabled);
  });
});

const BOTH: [string, (userId: string, token: string | null) => Promise<Answer>][] = [
  ['disableUser', disable],
  ['enableUser', enable],
];

describe.each(BOTH)('Mutation.%s', (_, act) => {
  it('answers 401 to nobody', async () => {
    expect((await withoutWriting(product, () => act(mia.sub, null))).status).toBe(401);
  });

  it.each(['olivia@acme.test', 'adam@acme.test', MIA])('answers FORBIDDEN to %s, who is no staff', async (email) => {
    const token = await product.tokenOf(email);
    expect(codesOf(await withoutWriting(product, () => act(mia.sub, token)))).toEqual(['FORBIDDEN']);
  });

  it('answers FORBIDDEN to a machine, whatever it carries', async () => {
    const token = await product.pool.signToken(toMachineClaims(product, { 'cognito:groups': ['Admins'] }));
    expect(codesOf(await withoutWriting(product, () => act(mia.sub, token)))).toEqual(['FORBIDDEN']);
  });

  it.each([randomUUID(), '', 'x', "' or true --"])('answers NOT_FOUND for the id "%s"', async (userId) => {
    expect(codesOf(await withoutWriting(product, () => act(userId, root)))).toEqual(['NOT_FOUND']);
  });
});
