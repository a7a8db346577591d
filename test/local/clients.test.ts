import {
  AddUserPoolClientSecretCommand,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  DeleteUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
  ListResourceServersCommand,
  ListUserPoolClientSecretsCommand,
  ListUserPoolClientsCommand,
  RevokeTokenCommand,
  UpdateResourceServerCommand,
  UpdateUserPoolClientCommand,
  type UpdateUserPoolClientCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedScopes } from '../../local/seed/scopes.ts';
import { createUser, PASSWORD, type PoolKit, refresh, signIn, startKit } from './kit.ts';
import { createMachine, requestToken, SCOPE, toBasic } from './machine-kit.ts';

let kit: PoolKit;
let UserPoolId: string;
beforeAll(async () => {
  kit = await startKit();
  UserPoolId = kit.UserPoolId;
});
afterAll(() => kit[Symbol.asyncDispose]());

const create = (input: Partial<CreateUserPoolClientCommandInput>) =>
  kit.sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'one', ...input }));
const secretsOf = async (ClientId: string) =>
  (await kit.sdk.send(new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId }))).ClientSecrets ?? [];
const addSecret = async (ClientId: string) => {
  const added = await kit.sdk.send(new AddUserPoolClientSecretCommand({ UserPoolId, ClientId }));
  return added.ClientSecretDescriptor ?? {};
};
const deleteSecret = (ClientId: string, ClientSecretId: string) =>
  kit.sdk.send(new DeleteUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecretId }));
const isGood = async (id: string, secret: string) =>
  (await requestToken(kit, { grant_type: 'client_credentials' }, toBasic({ id, secret }))).status === 200;

describe('CreateUserPoolClient', () => {
  it('makes a client with an id and a secret of its own, and describes it', async () => {
    const { id, secret, client } = await createMachine(kit);
    expect(id).toMatch(/^[a-z0-9]{26}$/);
    expect(secret).toMatch(/^[a-z0-9]{51}$/);
    const { UserPoolClient } = await kit.sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId: id }));
    expect(UserPoolClient).toEqual(client);
    expect(UserPoolClient).toMatchObject({ AllowedOAuthScopes: [SCOPE], AllowedOAuthFlowsUserPoolClient: true });
  });

  it.each<[string, Partial<CreateUserPoolClientCommandInput>, string]>([
    [
      'client_credentials without a secret',
      { AllowedOAuthFlows: ['client_credentials'], AllowedOAuthFlowsUserPoolClient: true },
      'InvalidOAuthFlowException',
    ],
    [
      'client_credentials beside another flow',
      {
        AllowedOAuthFlows: ['client_credentials', 'code'],
        AllowedOAuthFlowsUserPoolClient: true,
        GenerateSecret: true,
      },
      'InvalidOAuthFlowException',
    ],
    [
      'flows without the word that they are wanted',
      { AllowedOAuthFlows: ['code'], AllowedOAuthFlowsUserPoolClient: false },
      'InvalidOAuthFlowException',
    ],
    ['a scope that no resource server has', { AllowedOAuthScopes: ['tenantry/rule'] }, 'ScopeDoesNotExistException'],
    ['a name with a colon', { ClientName: 'tenantry:one' }, 'InvalidParameterException'],
  ])('refuses %s', async (_, input, name) => {
    await expect(create(input)).rejects.toMatchObject({ name });
  });
});

describe('UpdateUserPoolClient', () => {
  const update = (ClientId: string, input: Partial<UpdateUserPoolClientCommandInput>) =>
    kit.sdk.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId, ...input }));
  const idOf = async (input: Partial<CreateUserPoolClientCommandInput> = {}) =>
    (await create(input)).UserPoolClient?.ClientId ?? '';
  const CallbackURLs = ['https://app.acme.test/callback', 'http://localhost:4000/callback', 'acme://callback'];

  it('sets everything anew but the name: what is left out falls back', async () => {
    const ClientId = await idOf({ CallbackURLs, ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] });
    const { UserPoolClient } = await update(ClientId, { LogoutURLs: ['https://app.acme.test/'] });
    expect(UserPoolClient).toMatchObject({
      ClientName: 'one',
      CallbackURLs: [],
      LogoutURLs: ['https://app.acme.test/'],
      ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    const described = await kit.sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(described.UserPoolClient).toEqual(UserPoolClient);
  });

  it('turns rotation on for sign-ins that are there already', async () => {
    const ClientId = await idOf({ ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] });
    const other = { ...kit, ClientId };
    const tokens = await signIn(other, (await createUser(kit)).email);
    expect((await refresh(other, tokens.refresh)).refresh).toBe('');
    const RefreshTokenRotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 } as const;
    const { UserPoolClient } = await update(ClientId, { RefreshTokenRotation });
    expect(UserPoolClient?.RefreshTokenRotation).toEqual(RefreshTokenRotation);
    expect((await refresh(other, tokens.refresh)).refresh).not.toBe('');
  });

  it.each<[string, Partial<UpdateUserPoolClientCommandInput>]>([
    [
      'rotation beside REFRESH_TOKEN_AUTH',
      {
        RefreshTokenRotation: { Feature: 'ENABLED' },
        ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      },
    ],
    ['a grace period of 61 seconds', { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 61 } }],
    ['a callback by http to another machine', { CallbackURLs: ['http://app.acme.test/callback'] }],
    ['a callback with a fragment', { CallbackURLs: ['https://app.acme.test/#callback'] }],
    ['a callback that is a script', { CallbackURLs: ['javascript:alert(1)'] }],
    ['a callback that is a path', { CallbackURLs: ['/callback'] }],
    ['an identity provider that is not there', { SupportedIdentityProviders: ['Google'] }],
  ])('refuses %s', async (_, input) => {
    await expect(update(await idOf(), input)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('finds no other client', async () => {
    await expect(update('other', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('DeleteUserPoolClient', () => {
  it('ends the client, and its secret with it', async () => {
    const { id: ClientId, secret } = await createMachine(kit);
    await kit.sdk.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(await isGood(ClientId, secret)).toBe(false);
    const again = kit.sdk.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    await expect(again).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('ListUserPoolClients', () => {
  it('pages through every client once, without a secret', async () => {
    const { id } = await createMachine(kit);
    const seen: object[] = [];
    let NextToken: string | undefined;
    do {
      const page = { UserPoolId, MaxResults: 2, ...(NextToken && { NextToken }) };
      const answer = await kit.sdk.send(new ListUserPoolClientsCommand(page));
      seen.push(...(answer.UserPoolClients ?? []));
      NextToken = answer.NextToken;
    } while (NextToken);
    expect(seen).toContainEqual({ UserPoolId, ClientId: id, ClientName: 'machine' });
    expect(seen).toContainEqual({ UserPoolId, ClientId: kit.ClientId, ClientName: 'tenantry-local' });
    expect(new Set(seen.map((client) => JSON.stringify(client))).size).toBe(seen.length);
  });
});

describe('The secrets of a client', () => {
  it('are two at most, both good, and listed without their values', async () => {
    const { id, secret } = await createMachine(kit);
    const added = await addSecret(id);
    expect([await isGood(id, secret), await isGood(id, added.ClientSecretValue ?? '')]).toEqual([true, true]);
    const listed = await secretsOf(id);
    expect(listed).toHaveLength(2);
    for (const one of listed) expect(Object.keys(one).sort()).toEqual(['ClientSecretCreateDate', 'ClientSecretId']);
    await expect(addSecret(id)).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  it('end one by one, the last never', async () => {
    const { id, secret } = await createMachine(kit);
    const added = await addSecret(id);
    const [first] = await secretsOf(id);
    await deleteSecret(id, first?.ClientSecretId ?? '');
    expect([await isGood(id, secret), await isGood(id, added.ClientSecretValue ?? '')]).toEqual([false, true]);
    await expect(deleteSecret(id, added.ClientSecretId ?? '')).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(deleteSecret(id, 'unknown')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('cannot be given to a client that was made without', async () => {
    await expect(addSecret(kit.ClientId)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('Resource servers', () => {
  const server = { Identifier: 'projects', Name: 'Projects' };
  const withScopes = (...names: string[]) => ({
    UserPoolId,
    ...server,
    Scopes: names.map((ScopeName) => ({ ScopeName, ScopeDescription: `May ${ScopeName}` })),
  });

  it('are tenantry from the start, and more when created', async () => {
    await kit.sdk.send(new CreateResourceServerCommand(withScopes('read')));
    const { ResourceServers = [] } = await kit.sdk.send(new ListResourceServersCommand({ UserPoolId, MaxResults: 50 }));
    expect(ResourceServers.map(({ Identifier }) => Identifier)).toEqual(['projects', 'tenantry']);
    const again = kit.sdk.send(new CreateResourceServerCommand(withScopes('read')));
    await expect(again).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(create({ AllowedOAuthScopes: ['projects/read'] })).resolves.toBeDefined();
  });

  it('have their scopes replaced by an update', async () => {
    const { ResourceServer } = await kit.sdk.send(new UpdateResourceServerCommand(withScopes('read', 'write')));
    const described = await kit.sdk.send(new DescribeResourceServerCommand({ UserPoolId, Identifier: 'projects' }));
    expect(described.ResourceServer).toEqual(ResourceServer);
    expect(ResourceServer?.Scopes?.map(({ ScopeName }) => ScopeName)).toEqual(['read', 'write']);
  });

  it('are seeded with the scopes of modules, and keep those they have', async () => {
    for (const scopes of [
      ['devices/read', 'projects/list'],
      ['devices/read', 'devices/write'],
    ]) {
      await seedScopes(kit.sdk, scopes);
    }
    const scopesOf = async (Identifier: string) => {
      const { ResourceServer } = await kit.sdk.send(new DescribeResourceServerCommand({ UserPoolId, Identifier }));
      return ResourceServer?.Scopes?.map(({ ScopeName }) => ScopeName);
    };
    expect(await scopesOf('devices')).toEqual(['read', 'write']);
    expect(await scopesOf('projects')).toEqual(['read', 'write', 'list']);
  });

  it('are not there by another identifier', async () => {
    const describe = new DescribeResourceServerCommand({ UserPoolId, Identifier: '__proto__' });
    await expect(kit.sdk.send(describe)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const update = new UpdateResourceServerCommand({ ...withScopes('read'), Identifier: 'other' });
    await expect(kit.sdk.send(update)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('A second app client for people', () => {
  const second = async () => {
    const { UserPoolClient } = await create({
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    return { ...kit, ClientId: UserPoolClient?.ClientId ?? '' };
  };

  it('stands in the tokens of who signs in through it', async () => {
    const { email } = await createUser(kit);
    const other = await second();
    const { access, id } = await signIn(other, email);
    expect([decodeJwt(access)['client_id'], decodeJwt(id).aud]).toEqual([other.ClientId, other.ClientId]);
  });

  it('refreshes and revokes its own sign-ins alone', async () => {
    const { email } = await createUser(kit);
    const other = await second();
    const tokens = await signIn(other, email);
    await expect(refresh(kit, tokens.refresh)).rejects.toMatchObject({ message: 'Invalid Refresh Token' });
    await kit.sdk.send(new RevokeTokenCommand({ ClientId: kit.ClientId, Token: tokens.refresh }));
    expect(decodeJwt((await refresh(other, tokens.refresh)).access)['client_id']).toBe(other.ClientId);
  });

  it('lets nobody in by a flow it was not given', async () => {
    const { email } = await createUser(kit);
    const { UserPoolClient } = await create({});
    await expect(signIn({ ...kit, ClientId: UserPoolClient?.ClientId ?? '' }, email)).rejects.toMatchObject({
      message: 'USER_PASSWORD_AUTH flow not enabled for this client',
    });
  });

  it('with a secret lets nobody in without proving it', async () => {
    const { email } = await createUser(kit);
    const { id: ClientId } = await createMachine(kit);
    const AuthParameters = { USERNAME: email, PASSWORD };
    const start = new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
    await expect(kit.sdk.send(start)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});
