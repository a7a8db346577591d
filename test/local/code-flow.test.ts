import { createHash } from 'node:crypto';
import {
  AdminDisableUserCommand,
  CreateUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorizePath, CALLBACK, codeOf, openBrowser, postForm, redeem, verifier } from './browser-kit.ts';
import { createUser, PASSWORD, type PoolKit, refresh, signIn, startKit } from './kit.ts';
import { requestToken, toBasic } from './machine-kit.ts';
import { refusing, startTriggerReceiver, type TriggerReceiver, unchanged } from './trigger-receiver.ts';

let receiver: TriggerReceiver;
let kit: PoolKit;
let now = new Date();
beforeAll(async () => {
  receiver = await startTriggerReceiver();
  kit = await startKit({ clock: () => now, trigger: receiver.trigger, callbackUrls: [CALLBACK] });
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});
beforeEach(() => {
  receiver.answer = unchanged;
  receiver.events.length = 0;
});

/** A code somebody was just given, and who. */
async function newCode(change: Record<string, string | null> = {}) {
  const { email, sub } = await createUser(kit);
  const browser = openBrowser(kit);
  const form = await browser.get(authorizePath(kit, change));
  const done = await browser.submit(form, { username: email, password: PASSWORD });
  receiver.events.length = 0;
  return { code: codeOf(done), email, sub, browser };
}

const refused = { status: 400, body: { error: 'invalid_grant' } };

describe('A code', () => {
  it('gives tokens with the granted scopes, the nonce, and at_hash', async () => {
    const { code, email, sub } = await newCode();
    const { status, body } = await redeem(kit, code);
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ['access_token', 'expires_in', 'id_token', 'refresh_token', 'token_type'],
    ]);
    const keys = createRemoteJWKSet(new URL(kit.pool.jwksUri));
    const checks = { issuer: kit.pool.issuer, currentDate: now };
    const access = (await jwtVerify(body.access_token ?? '', keys, checks)).payload;
    const id = (await jwtVerify(body.id_token ?? '', keys, { ...checks, audience: kit.ClientId })).payload;
    expect(access).toMatchObject({ sub, scope: 'openid email aws.cognito.signin.user.admin', token_use: 'access' });
    expect(id).toMatchObject({ sub, email, nonce: 'the-nonce', auth_time: access['auth_time'] });
    const half = createHash('sha256')
      .update(body.access_token ?? '')
      .digest()
      .subarray(0, 16);
    expect(id['at_hash']).toBe(half.toString('base64url'));
    for (const claims of [access, id]) expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['amr']));
  });

  it('asks the trigger as the hosted page does, with the granted scopes', async () => {
    const { code } = await newCode({ scope: 'openid' });
    await redeem(kit, code);
    expect(receiver.events.map(({ triggerSource, request }) => [triggerSource, request['scopes']])).toEqual([
      ['TokenGeneration_HostedAuth', ['openid']],
    ]);
  });

  it('gives the time of the password as auth_time, however much later it is used', async () => {
    const { browser } = await newCode();
    const entered = Math.floor(now.getTime() / 1000);
    now = new Date(now.getTime() + 600_000);
    const { body } = await redeem(kit, codeOf(await browser.get(authorizePath(kit))));
    expect(decodeJwt(body.id_token ?? '')['auth_time']).toBe(entered);
    expect(decodeJwt(body.id_token ?? '').iat).toBe(entered + 600);
  });

  it('gives no ID token without the scope openid', async () => {
    const { code } = await newCode({ scope: 'aws.cognito.signin.user.admin' });
    const { body } = await redeem(kit, code);
    expect(body.id_token).toBeUndefined();
    await expect(kit.sdk.send(new GetUserCommand({ AccessToken: body.access_token }))).resolves.toBeDefined();
  });

  it('gives an access token for nothing but its scopes', async () => {
    const { code } = await newCode({ scope: 'openid' });
    const { body } = await redeem(kit, code);
    await expect(kit.sdk.send(new GetUserCommand({ AccessToken: body.access_token }))).rejects.toMatchObject({
      message: 'Access Token does not have required scopes',
    });
  });

  it.each<[string, Record<string, string>]>([
    ['another verifier', { code_verifier: 'a'.repeat(43) }],
    ['no verifier', { code_verifier: '' }],
    ['another redirect_uri', { redirect_uri: 'http://localhost:4000/' }],
    ['no redirect_uri', { redirect_uri: '' }],
    ['another code', { code: 'a'.repeat(43) }],
  ])('is refused with %s, and spent by it', async (_, change) => {
    const { code } = await newCode();
    expect(await redeem(kit, code, change)).toMatchObject(refused);
    const again = await redeem(kit, code);
    expect(again).toMatchObject(change['code'] === undefined ? refused : { status: 200 });
  });

  it('is refused with a verifier where the request had no challenge', async () => {
    const { code } = await newCode({ code_challenge: null, code_challenge_method: null });
    expect(await redeem(kit, code, { code_verifier: verifier })).toMatchObject(refused);
  });

  it('is good without PKCE for a client that did not ask for it', async () => {
    const { code } = await newCode({ code_challenge: null, code_challenge_method: null });
    const form = { grant_type: 'authorization_code', client_id: kit.ClientId, code, redirect_uri: CALLBACK };
    expect((await postForm(kit, '/oauth2/token', form)).status).toBe(200);
  });

  it('is refused after five minutes', async () => {
    const { code } = await newCode();
    now = new Date(now.getTime() + 300_000);
    expect(await redeem(kit, code)).toMatchObject(refused);
  });

  it('is refused once its user is disabled', async () => {
    const { code, email } = await newCode();
    await kit.sdk.send(new AdminDisableUserCommand({ UserPoolId: kit.UserPoolId, Username: email }));
    expect(await redeem(kit, code)).toMatchObject(refused);
  });

  it('is refused with the sentence of the trigger', async () => {
    const { code } = await newCode();
    receiver.answer = refusing(422, { code: 'X', message: 'Suspended' });
    expect(await redeem(kit, code)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: 'PreTokenGeneration failed with error Suspended.' },
    });
  });
});

describe('A code that comes a second time', () => {
  it('ends the session its first use began', async () => {
    const { code } = await newCode();
    const { body } = await redeem(kit, code);
    expect(await redeem(kit, code)).toMatchObject(refused);
    await expect(refresh(kit, body.refresh_token ?? '')).rejects.toMatchObject({
      message: 'Refresh Token has been revoked',
    });
    await expect(kit.sdk.send(new GetUserCommand({ AccessToken: body.access_token }))).rejects.toMatchObject({
      message: 'Access Token has been revoked',
    });
  });

  it('gives nothing to either while the trigger is asked', async () => {
    const { code } = await newCode();
    receiver.answer = async (event) => {
      expect(await redeem(kit, code)).toMatchObject(refused);
      return unchanged(event);
    };
    expect(await redeem(kit, code)).toMatchObject(refused);
  });
});

describe('A code of a confidential client', () => {
  it('needs that client and its secret', async () => {
    const { UserPoolId } = kit;
    const { UserPoolClient: client = {} } = await kit.sdk.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'server',
        GenerateSecret: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthScopes: ['openid', 'tenantry/members.read'],
        CallbackURLs: [CALLBACK],
        LogoutURLs: ['https://app.acme.test/'],
        SupportedIdentityProviders: ['COGNITO'],
      }),
    );
    const { ClientId = '', ClientSecret: secret = '' } = client;
    const described = await kit.sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(described.UserPoolClient).toEqual(client);
    expect(client).toMatchObject({ CallbackURLs: [CALLBACK], LogoutURLs: ['https://app.acme.test/'] });

    const { code } = await newCode({ client_id: ClientId, scope: null });
    const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: verifier };
    expect(await redeem(kit, code)).toMatchObject(refused);
    expect(await requestToken(kit, { ...form, client_id: ClientId })).toMatchObject({
      body: { error: 'invalid_client' },
    });
    const { body } = await requestToken(kit, form, toBasic({ id: ClientId, secret }));
    expect(decodeJwt(body.access_token ?? '')['scope']).toBe('openid tenantry/members.read');
  });
});

describe('The refresh_token grant', () => {
  const grant = (refresh_token: string, client_id = kit.ClientId) =>
    postForm(kit, '/oauth2/token', { grant_type: 'refresh_token', client_id, refresh_token });

  it('keeps scopes and auth_time, and repeats no nonce', async () => {
    const { code } = await newCode({ scope: 'openid' });
    const first = (await redeem(kit, code)).body;
    receiver.events.length = 0;
    const { body } = await grant(first.refresh_token ?? '');
    expect(body.refresh_token).toBeUndefined();
    expect(decodeJwt(body.access_token ?? '')).toMatchObject({
      scope: 'openid',
      origin_jti: decodeJwt(first.access_token ?? '')['origin_jti'],
    });
    expect(Object.keys(decodeJwt(body.id_token ?? ''))).not.toEqual(expect.arrayContaining(['nonce']));
    expect(receiver.events.map(({ triggerSource }) => triggerSource)).toEqual(['TokenGeneration_RefreshTokens']);
  });

  it('serves a sign-in by the API as well', async () => {
    const { email } = await createUser(kit);
    const { body } = await grant((await signIn(kit, email)).refresh);
    expect(body).toMatchObject({ access_token: expect.any(String), id_token: expect.any(String) });
  });

  it('refuses what is no refresh token of this client', async () => {
    expect(await grant('made-up')).toMatchObject(refused);
    const form = { grant_type: 'refresh_token', client_id: kit.ClientId };
    expect((await postForm(kit, '/oauth2/token', form)).body.error).toBe('invalid_request');
  });
});

describe('POST /oauth2/revoke', () => {
  const revoke = (form: Record<string, string>) => postForm(kit, '/oauth2/revoke', form);

  it('ends the session of a refresh token', async () => {
    const { code } = await newCode();
    const token = (await redeem(kit, code)).body.refresh_token ?? '';
    expect((await revoke({ token, client_id: kit.ClientId })).status).toBe(200);
    await expect(refresh(kit, token)).rejects.toMatchObject({ message: 'Refresh Token has been revoked' });
  });

  it('finds nothing wrong with an unknown token, and refuses an access token', async () => {
    const { code } = await newCode();
    const { access_token: token = '' } = (await redeem(kit, code)).body;
    expect((await revoke({ token: 'unknown', client_id: kit.ClientId })).status).toBe(200);
    const answer = await revoke({ token, client_id: kit.ClientId });
    expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } });
  });

  it('takes nothing from who is no client', async () => {
    expect((await revoke({ token: 'x', client_id: 'other' })).body.error).toBe('invalid_client');
  });
});

describe('GET /oauth2/userInfo', () => {
  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${kit.pool.endpoint}/oauth2/userInfo`, { headers });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };

  it('tells who the bearer is, as strings', async () => {
    const { code, email, sub } = await newCode();
    const { body } = await redeem(kit, code);
    expect(await ask(body.access_token ?? '')).toEqual({
      status: 200,
      body: { sub, username: sub, email, email_verified: 'true' },
    });
  });

  it('tells nobody without the scope openid, nor for an ID token', async () => {
    const { email } = await createUser(kit);
    const tokens = await signIn(kit, email);
    for (const token of [tokens.access, tokens.id, '']) expect((await ask(token)).status).toBe(401);
  });
});
