import { randomUUID } from 'node:crypto';
import { AdminCreateUserCommand, AdminGetUserCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

let product: Product;

beforeAll(async () => {
  product = await getSharedProduct();
});

const ask = (email: string | undefined, source = 'PreSignUp_SignUp') =>
  sendEvent(product, toEvent(product, source, email === undefined ? {} : { email }));

const signUp = (email: string) =>
  product.sdk.send(
    new SignUpCommand({
      ClientId: product.pool.clientId,
      Username: email,
      Password: 'Correct-horse-7',
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  );

describe('the pre-sign-up trigger', () => {
  it.each(['new@acme.test', 'New.Person+tag@ACME.Test'])('lets %s in, to be confirmed by a code', async (email) => {
    const event = toEvent(product, 'PreSignUp_SignUp', { email });
    const answer = await sendEvent(product, event);
    expect([answer.status, answer.body]).toEqual([200, event]);
  });

  it.each([
    'eve@evil.test',
    'eve@acme.test.evil.test',
    'eve@notacme.test',
    'eve@mail.acme.test',
    'eve@evil.test@acme.test.evil.test',
  ])('refuses %s with a sentence for the user', async (email) => {
    const { status, body } = await ask(email);
    expect(status).toBe(422);
    expect(body.message).toMatch(/^Sign-up .*\.$/);
  });

  it.each([undefined, '', 'acme.test', '@acme.test', 'a b@acme.test', 'eve@evil.test\n@acme.test'])(
    'refuses %j, which is no address',
    async (email) => {
      expect(await ask(email)).toMatchObject({ status: 422, body: { code: 'BAD_USER_INPUT' } });
    },
  );

  it('refuses a federated first sign-in from a domain that is not allowed', async () => {
    expect((await ask('eve@evil.test', 'PreSignUp_ExternalProvider')).status).toBe(422);
  });

  it('confirms nobody without a code by federation', async () => {
    const { body } = await ask('fay@auto.test', 'PreSignUp_ExternalProvider');
    expect(body.response).toEqual({});
  });

  it('lets an administrator make a user of any domain', async () => {
    const Username = `guest-${randomUUID().slice(0, 8)}@elsewhere.test`;
    expect((await ask(Username, 'PreSignUp_AdminCreateUser')).status).toBe(200);
    const user = { UserPoolId: product.pool.poolId, Username };
    await product.sdk.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    expect((await product.sdk.send(new AdminGetUserCommand(user))).UserStatus).toBe('FORCE_CHANGE_PASSWORD');
  });
});

describe('signing up from a domain that is confirmed without a code', () => {
  it('gives a confirmed user and a profile whose address only the domain speaks for', async () => {
    const email = `ann-${randomUUID().slice(0, 8)}@auto.test`;
    const { UserConfirmed, UserSub } = await signUp(email);
    expect(UserConfirmed).toBe(true);
    expect(await product.sql('select email, email_proof from users where id = $1', [UserSub])).toEqual([
      { email, email_proof: 'DOMAIN' },
    ]);
    expect(product.pool.mailbox.list(email)).toEqual([]);
  });

  it('says so in the response, and leaves the rest of the event', async () => {
    const event = toEvent(
      product,
      'PreSignUp_SignUp',
      { email: 'bob@auto.test' },
      { response: { autoVerifyPhone: false }, extra: { kept: [1, null] } },
    );
    const response = { autoVerifyPhone: false, autoConfirmUser: true, autoVerifyEmail: true };
    expect((await sendEvent(product, event)).body).toEqual({ ...event, response });
  });
});
