import { randomUUID } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addTenant, toUserClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const OLD = 'old@acme.test';
const NEW = 'new@acme.test';

let product: Product;
let sub: string;

beforeAll(async () => {
  product = await getSharedProduct();
});

// A user of the pool whom no trigger has told of yet.
beforeEach(async () => {
  const Username = `o-${randomUUID()}@acme.test`;
  const UserPoolId = product.pool.poolId;
  const command = new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' });
  sub = (await product.sdk.send(command)).User?.Username ?? '';
});

const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000);

function confirm(email: string, at: Date, id?: string) {
  const attributes = { sub, email, email_verified: 'true' };
  return sendEvent(product, toEvent(product, 'PostConfirmation_ConfirmSignUp', attributes), { at, ...(id && { id }) });
}

function makeToken(email: string, at: Date, id?: string) {
  const userAttributes = { sub, email, email_verified: 'true' };
  const rest = { version: '2', request: { userAttributes, groupConfiguration: { groupsToOverride: [] } } };
  const event = toEvent(product, 'TokenGeneration_Authentication', userAttributes, rest);
  return sendEvent(product, event, { at, ...(id && { id }) });
}

const profileOf = () => product.sql('select email, email_proof from users where id = $1', [sub]);
const actionsOf = async () =>
  (
    await product.sql<{ action: string }>('select action from audit_events where target_id = $1 order by id', [sub])
  ).map(({ action }) => action);
const user = () => ({ UserPoolId: product.pool.poolId, Username: sub });
const groupsOf = async () =>
  (await product.sdk.send(new AdminListGroupsForUserCommand(user()))).Groups?.map(({ GroupName }) => GroupName);

describe('a call that is replayed within its five minutes', () => {
  it('gets the same answer, and makes one profile', async () => {
    const at = secondsAgo(60);
    const first = await confirm(OLD, at, 'msg_same');
    const second = await confirm(OLD, at, 'msg_same');
    expect([second.status, second.text]).toEqual([200, first.text]);
    expect(await profileOf()).toHaveLength(1);
    expect(await actionsOf()).toEqual(['user.create']);
  });

  it('gives no default group back that was taken away since', async () => {
    await confirm(OLD, secondsAgo(60), 'msg_same');
    expect(await groupsOf()).toEqual(['Users']);
    await product.sdk.send(new AdminRemoveUserFromGroupCommand({ ...user(), GroupName: 'Users' }));
    await confirm(OLD, secondsAgo(60), 'msg_same');
    expect(await groupsOf()).toEqual([]);
  });

  it.each([
    ['a confirmation', confirm],
    ['a token', makeToken],
  ])('of %s brings no address back that was changed since', async (_, call) => {
    const at = secondsAgo(60);
    await call(OLD, at, 'msg_same');
    await makeToken(NEW, secondsAgo(30));
    expect((await call(OLD, at, 'msg_same')).status).toBe(200);
    expect(await profileOf()).toEqual([{ email: NEW, email_proof: 'NONE' }]);
    expect(await actionsOf()).toEqual(['user.create', 'user.email-change']);
  });

  it('brings no address back that was changed within the same second', async () => {
    const at = secondsAgo(60);
    await makeToken(OLD, secondsAgo(90));
    await makeToken(NEW, at);
    await makeToken(OLD, at);
    expect(await profileOf()).toMatchObject([{ email: NEW }]);
  });

  it('proves no address again that was given up and taken back unproven', async () => {
    const at = secondsAgo(60);
    await confirm(OLD, at, 'msg_same');
    await makeToken(NEW, secondsAgo(40));
    await makeToken(OLD, secondsAgo(20));
    await confirm(OLD, at, 'msg_same');
    expect(await profileOf()).toEqual([{ email: OLD, email_proof: 'NONE' }]);
  });

  it('of a token says the membership of now, and not that of the first time', async () => {
    const tenant = await addTenant(product);
    const at = secondsAgo(60);
    await makeToken(OLD, at, 'msg_same');
    await product.sql(
      `insert into memberships (id, tenant_id, user_id, role) values (gen_random_uuid(), $1, $2, 'MEMBER')`,
      [tenant, sub],
    );
    expect((await makeToken(OLD, at, 'msg_same')).text).toContain(tenant);
    await product.sql('delete from memberships where user_id = $1', [sub]);
    expect((await makeToken(OLD, at, 'msg_same')).text).not.toContain(tenant);
  });
});

describe('calls out of order', () => {
  it('prove the address also when its token was made first', async () => {
    await makeToken(OLD, secondsAgo(30));
    expect(await profileOf()).toEqual([{ email: OLD, email_proof: 'NONE' }]);
    await confirm(OLD, secondsAgo(60));
    expect(await profileOf()).toEqual([{ email: OLD, email_proof: 'CODE' }]);
    expect(await groupsOf()).toEqual(['Users']);
    expect(await actionsOf()).toEqual(['user.create']);
  });

  it('keep the newer address when the confirmation comes last', async () => {
    await makeToken(NEW, secondsAgo(30));
    await confirm(OLD, secondsAgo(60));
    expect(await profileOf()).toEqual([{ email: NEW, email_proof: 'NONE' }]);
    expect(await groupsOf()).toEqual(['Users']);
  });

  it('keep the newest of twenty addresses that come at the same moment', async () => {
    await makeToken(OLD, secondsAgo(100));
    const calls = Array.from({ length: 20 }, (_, index) => makeToken(`a${index}@acme.test`, secondsAgo(60 - index)));
    const answers = await Promise.all(calls.toReversed());
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await profileOf()).toMatchObject([{ email: 'a19@acme.test' }]);
  });

  it('make nothing of a forgotten password before the confirmation', async () => {
    const attributes = { sub, email: OLD, email_verified: 'true' };
    const event = toEvent(product, 'PostConfirmation_ConfirmForgotPassword', attributes);
    expect((await sendEvent(product, event)).status).toBe(200);
    expect(await profileOf()).toEqual([]);
    await confirm(OLD, secondsAgo(0));
    expect(await profileOf()).toEqual([{ email: OLD, email_proof: 'CODE' }]);
  });

  it('make one profile of a confirmation, a token and a first query at the same moment', async () => {
    const token = await product.pool.signToken(toUserClaims(product, sub));
    const first = () => product.query(token, '{ viewer { profile { id } } }');
    const now = secondsAgo(0);
    const calls = Array.from({ length: 10 }, () => [first(), confirm(OLD, now), makeToken(OLD, now)]).flat();
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const queries = answers.filter((_, index) => index % 3 === 0);
    expect(queries.map(({ body }) => body.data.viewer.profile)).toEqual(queries.map(() => ({ id: sub })));
    expect(await profileOf()).toHaveLength(1);
    expect((await actionsOf()).filter((action) => action === 'user.create')).toHaveLength(1);
  });
});

describe('a federated user', () => {
  it.each(['Google_117234567890', 'Okta_ann@idp.test', 'signinwithapple_000123.ab cd'])(
    'named %s has a profile under the sub, and the name as it is',
    async (userName) => {
      const userAttributes = { sub, email: 'fay@acme.test', identities: '[{"providerName":"Idp"}]' };
      const rest = { version: '2', userName, request: { userAttributes } };
      const event = toEvent(product, 'TokenGeneration_HostedAuth', userAttributes, rest);
      expect((await sendEvent(product, event)).status).toBe(200);
      expect(await product.sql('select username from users where id = $1', [sub])).toEqual([{ username: userName }]);
    },
  );
});
