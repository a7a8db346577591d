import { CreateUserPoolClientCommand, DeleteUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PoolKit, startKit } from './kit.ts';
import { createMachine, requestToken, SCOPE, toBasic } from './machine-kit.ts';
import { refusing, responding, startTriggerReceiver, type TriggerReceiver, unchanged } from './trigger-receiver.ts';

const GRANT = { grant_type: 'client_credentials' };

let receiver: TriggerReceiver;
let kit: PoolKit;
let machine: { readonly id: string; readonly secret: string };
beforeAll(async () => {
  receiver = await startTriggerReceiver();
  kit = await startKit({ trigger: receiver.trigger });
  machine = await createMachine(kit);
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});
beforeEach(() => {
  receiver.answer = unchanged;
  receiver.events.length = 0;
});

const inBody = () => ({ client_id: machine.id, client_secret: machine.secret });
const claimsOf = (token = '') => decodeJwt(token);

describe('POST /oauth2/token with client_credentials', () => {
  it('gives an access token with exactly the claims that Cognito gives a machine', async () => {
    const { status, headers, body } = await requestToken(kit, GRANT, toBasic(machine));
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({ access_token: expect.any(String), expires_in: 3600, token_type: 'Bearer' });
    const keys = createRemoteJWKSet(new URL(kit.pool.jwksUri));
    const { payload } = await jwtVerify(body.access_token ?? '', keys, { issuer: kit.pool.issuer });
    expect(payload).toEqual({
      sub: machine.id,
      client_id: machine.id,
      token_use: 'access',
      scope: SCOPE,
      iss: kit.pool.issuer,
      version: 2,
      auth_time: payload.iat,
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 3600,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('takes the client from the body as from the header', async () => {
    const { body } = await requestToken(kit, { ...GRANT, ...inBody(), scope: SCOPE });
    expect(claimsOf(body.access_token)['scope']).toBe(SCOPE);
  });

  it.each<[string, () => Record<string, string>, string]>([
    ['a wrong secret', () => ({ ...GRANT, ...inBody(), client_secret: 'wrong' }), 'invalid_client'],
    ['no secret', () => ({ ...GRANT, client_id: machine.id }), 'invalid_client'],
    ['an unknown client', () => ({ ...GRANT, ...inBody(), client_id: '__proto__' }), 'invalid_client'],
    ['a client without a secret', () => ({ ...GRANT, client_id: kit.ClientId, client_secret: '' }), 'invalid_client'],
    ['a scope that is not the client’s', () => ({ ...GRANT, ...inBody(), scope: 'openid' }), 'invalid_scope'],
    ['one good scope and one that is not', () => ({ ...GRANT, ...inBody(), scope: `${SCOPE} a` }), 'invalid_scope'],
    ['another grant', () => ({ ...inBody(), grant_type: 'password' }), 'unsupported_grant_type'],
    ['no grant at all', inBody, 'invalid_request'],
    ['metadata that is no JSON', () => ({ ...GRANT, ...inBody(), aws_client_metadata: '{' }), 'invalid_request'],
  ])('refuses %s', async (_, form, error) => {
    expect(await requestToken(kit, form())).toMatchObject({ status: 400, body: { error } });
  });

  it('refuses a client that names itself twice', async () => {
    const answer = await requestToken(kit, { ...GRANT, ...inBody() }, toBasic(machine));
    expect(answer.body.error).toBe('invalid_request');
  });

  it('refuses a parameter given twice', async () => {
    const { client_id, client_secret } = inBody();
    const form = `grant_type=client_credentials&client_id=${client_id}&client_secret=${client_secret}&scope=a&scope=b`;
    expect((await requestToken(kit, form)).body.error).toBe('invalid_request');
  });

  it('refuses a client that was not given the grant', async () => {
    const { UserPoolId } = kit;
    const { UserPoolClient } = await kit.sdk.send(
      new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'people', GenerateSecret: true }),
    );
    const client = { id: UserPoolClient?.ClientId ?? '', secret: UserPoolClient?.ClientSecret ?? '' };
    expect((await requestToken(kit, GRANT, toBasic(client))).body.error).toBe('unauthorized_client');
  });

  it('gives nothing to a client that is deleted while the trigger is asked', async () => {
    const { id, secret } = await createMachine(kit);
    receiver.answer = async (event) => {
      await kit.sdk.send(new DeleteUserPoolClientCommand({ UserPoolId: kit.UserPoolId, ClientId: id }));
      return unchanged(event);
    };
    expect((await requestToken(kit, GRANT, toBasic({ id, secret }))).body.error).toBe('invalid_client');
  });
});

describe('The pre token generation trigger of a machine', () => {
  it('is asked in version 3 about the client, and about no user', async () => {
    const aws_client_metadata = JSON.stringify({ region: 'eu' });
    await requestToken(kit, { ...GRANT, ...inBody(), aws_client_metadata });
    expect(receiver.events).toEqual([
      {
        version: '3',
        triggerSource: 'TokenGeneration_ClientCredentials',
        region: 'eu-central-1',
        userPoolId: kit.UserPoolId,
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: machine.id },
        request: { scopes: [SCOPE], clientMetadata: { region: 'eu' } },
        response: { claimsAndScopeOverrideDetails: null },
      },
    ]);
  });

  it('adds claims and scopes, and changes neither the subject nor groups', async () => {
    receiver.answer = responding({
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: {
          claimsToAddOrOverride: { tenant_id: 'acme', sub: 'other', username: 'olivia' },
          scopesToAdd: ['tenantry/more'],
        },
        groupOverrideDetails: { groupsToOverride: ['Admins'] },
      },
    });
    const { body } = await requestToken(kit, GRANT, toBasic(machine));
    const claims = claimsOf(body.access_token);
    expect(claims).toMatchObject({ sub: machine.id, tenant_id: 'acme', scope: `${SCOPE} tenantry/more` });
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['username']));
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['cognito:groups']));
  });

  it('stops the token with the sentence of a 422', async () => {
    receiver.answer = refusing(422, { code: 'FORBIDDEN', message: 'This client is gone' });
    expect(await requestToken(kit, GRANT, toBasic(machine))).toMatchObject({
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: 'PreTokenGeneration failed with error This client is gone.',
      },
    });
  });
});
