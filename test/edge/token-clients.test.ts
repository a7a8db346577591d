import {
  CreateUserPoolClientCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { createMachine, requestToken, SCOPE, toBasic } from '../local/machine-kit.ts';
import { addMembership, addTenant, signUpUser } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const GRANT = { grant_type: 'client_credentials' };

let product: Product;
let oneId: string;
let otherId: string;

beforeAll(async () => {
  product = await getSharedProduct();
  [oneId, otherId] = [await addTenant(product), await addTenant(product)];
});

const toKit = () => ({
  ...product,
  UserPoolId: product.pool.poolId,
  ClientId: product.pool.clientId,
});
/** Signs a user up at the pool, adds them to these tenants and returns their email address. */
async function signUpMember(tenantIds: readonly string[]): Promise<string> {
  const user = await signUpUser(product);
  for (const tenantId of tenantIds) await addMembership(product, user, tenantId, 'MEMBER');
  return user.email;
}
const register = (clientId: string, tenantId: string | null, kind = 'MACHINE') =>
  product.sql('insert into app_clients (client_id, tenant_id, name, kind) values ($1, $2, $1, $3)', [
    clientId,
    tenantId,
    kind,
  ]);
const end = (clientId: string) =>
  product.sql('update app_clients set ended_at = now() where client_id = $1', [clientId]);

describe('a machine that asks the pool for a token', () => {
  let machine: { readonly id: string; readonly secret: string };
  beforeEach(async () => {
    machine = await createMachine(toKit());
  });
  const ask = (form: Record<string, string> = GRANT) => requestToken(product, form, toBasic(machine));
  const claimsOf = async (form?: Record<string, string>) => decodeJwt((await ask(form)).body.access_token ?? '');

  it('gets the tenant its client was registered for, and neither role nor groups', async () => {
    await register(machine.id, oneId);
    const claims = await claimsOf();
    expect(claims).toMatchObject({ sub: machine.id, client_id: machine.id, scope: SCOPE, tenant_id: oneId });
    expect(Object.keys(claims)).not.toContain('tenant_role');
    expect(Object.keys(claims)).not.toContain('cognito:groups');
  });

  it('gets that tenant whatever its metadata names', async () => {
    await register(machine.id, oneId);
    const aws_client_metadata = JSON.stringify({ tenant_id: otherId });
    expect((await claimsOf({ ...GRANT, aws_client_metadata }))['tenant_id']).toBe(oneId);
  });

  it('gets no tenant where its client was never registered, and is no caller', async () => {
    const { body } = await ask();
    expect(Object.keys(decodeJwt(body.access_token ?? ''))).not.toContain('tenant_id');
    expect((await product.query(body.access_token ?? '', '{ viewer { kind } }')).status).toBe(401);
  });

  it('gets no token once its client was deleted here, though the pool still has it', async () => {
    await register(machine.id, oneId);
    await end(machine.id);
    const { status, body } = await ask();
    expect([status, body.error_description]).toEqual([
      400,
      'PreTokenGeneration failed with error This app client is accepted no more.',
    ]);
  });

  it.each(['SUSPENDED', 'DELETING'])('gets no token while its tenant is %s', async (tenantStatus) => {
    const tenantId = await addTenant(product);
    await register(machine.id, tenantId);
    await product.sql('update tenants set status = $2::"TenantStatus" where id = $1', [tenantId, tenantStatus]);
    expect((await ask()).body).toMatchObject({
      error_description: expect.stringContaining('This tenant is suspended'),
    });
  });

  it('gets its token also where the pool says of an event whose it is', async () => {
    await register(machine.id, oneId);
    const event = toEvent(
      product,
      'TokenGeneration_ClientCredentials',
      {},
      {
        version: '3',
        userName: machine.id,
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: machine.id },
        request: { userAttributes: {}, scopes: [SCOPE] },
      },
    );
    const { body } = await sendEvent(product, event);
    const generation = { claimsToAddOrOverride: { tenant_id: oneId } };
    const response = { claimsAndScopeOverrideDetails: { accessTokenGeneration: generation } };
    expect(body).toEqual({ ...event, response });
  });
});

describe('a user who signs in through an app client bound to one tenant', () => {
  let clientId: string;
  /** The email address of a member of both tenants. */
  let user: string;
  beforeAll(async () => {
    const { UserPoolClient } = await product.sdk.send(
      new CreateUserPoolClientCommand({
        UserPoolId: product.pool.poolId,
        ClientName: 'other',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
    clientId = UserPoolClient?.ClientId ?? '';
    await register(clientId, otherId, 'USER');
    user = await signUpMember([oneId, otherId]);
  });
  const signIn = async (email: string) => {
    const AuthParameters = { USERNAME: email, PASSWORD: DEMO_PASSWORD };
    const start = new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
    const { AuthenticationResult } = await product.sdk.send(start);
    return { access: AuthenticationResult?.AccessToken ?? '', refresh: AuthenticationResult?.RefreshToken ?? '' };
  };
  const tenantOf = (token: string) => decodeJwt(token)['tenant_id'];

  it('speaks for that tenant where he is a member, though his default is another', async () => {
    await product.sql('update users set default_tenant_id = $1 where email = $2', [oneId, user]);
    expect(tenantOf((await signIn(user)).access)).toBe(otherId);
  });

  it('stays there when his client asks for another of his', async () => {
    const { refresh } = await signIn(user);
    const switched = await product.sdk.send(
      new GetTokensFromRefreshTokenCommand({
        ClientId: clientId,
        RefreshToken: refresh,
        ClientMetadata: { tenant_id: oneId },
      }),
    );
    expect(tenantOf(switched.AuthenticationResult?.AccessToken ?? '')).toBe(otherId);
  });

  it('gets no tenant where he is no member, and no role group', async () => {
    const claims = decodeJwt((await signIn(await signUpMember([oneId]))).access);
    expect([claims['tenant_id'], claims['cognito:groups']]).toEqual([undefined, ['Users']]);
  });

  it('gets no token once the client was deleted here', async () => {
    await end(clientId);
    await expect(signIn(user)).rejects.toMatchObject({
      name: 'UserLambdaValidationException',
      message: 'PreTokenGeneration failed with error This app client is accepted no more.',
    });
  });
});
