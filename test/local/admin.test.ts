import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  ChangePasswordCommand,
  CreateGroupCommand,
  DeleteUserCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListGroupsCommand,
  ListUsersCommand,
  RespondToAuthChallengeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, freshEmail, newestCode, PASSWORD, type PoolKit, refresh, signIn, startKit } from './kit.ts';

let kit: PoolKit;
let UserPoolId: string;
beforeAll(async () => {
  kit = await startKit();
  UserPoolId = kit.UserPoolId;
});
afterAll(() => kit[Symbol.asyncDispose]());

const verifiedOf = async (Username: string) =>
  (await kit.sdk.send(new AdminGetUserCommand({ UserPoolId, Username }))).UserAttributes?.find(
    ({ Name }) => Name === 'email_verified',
  )?.Value;

describe('A user whom an administrator creates', () => {
  it('signs in with the mailed password and must choose another', async () => {
    const Username = freshEmail();
    await kit.sdk.send(new AdminCreateUserCommand({ UserPoolId, Username }));
    const { ClientId } = kit;
    const AuthParameters = { USERNAME: Username, PASSWORD: newestCode(kit, Username) };
    const started = await kit.sdk.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
    );
    expect(started.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const answer = {
      ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: started.Session,
      ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: PASSWORD },
    } as const;
    const finished = await kit.sdk.send(new RespondToAuthChallengeCommand(answer));
    expect(finished.AuthenticationResult?.AccessToken).toBeDefined();
    await expect(kit.sdk.send(new RespondToAuthChallengeCommand(answer))).rejects.toMatchObject({
      name: 'CodeMismatchException',
    });
    expect((await signIn(kit, Username)).access).not.toBe('');
  });

  it('is found by address and by sub, with dates', async () => {
    const { email, sub } = await createUser(kit);
    for (const Username of [email.toUpperCase(), sub]) {
      const found = await kit.sdk.send(new AdminGetUserCommand({ UserPoolId, Username }));
      expect(found).toMatchObject({ Username: sub, Enabled: true, UserStatus: 'CONFIRMED' });
      expect(Math.abs(Date.now() - (found.UserCreateDate?.getTime() ?? 0))).toBeLessThan(60_000);
    }
  });

  it('can sign in through AdminInitiateAuth', async () => {
    const { email } = await createUser(kit);
    const AuthParameters = { USERNAME: email, PASSWORD };
    const { ClientId } = kit;
    const input = { UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters } as const;
    expect((await kit.sdk.send(new AdminInitiateAuthCommand(input))).AuthenticationResult).toBeDefined();
  });

  it('is gone when deleted, tokens and all', async () => {
    const { email } = await createUser(kit);
    const tokens = await signIn(kit, email);
    await kit.sdk.send(new AdminDeleteUserCommand({ UserPoolId, Username: email }));
    await expect(kit.sdk.send(new GetUserCommand({ AccessToken: tokens.access }))).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    await expect(refresh(kit, tokens.refresh)).rejects.toMatchObject({ message: 'Invalid Refresh Token' });
  });
});

describe('Groups', () => {
  it('are Admins and Users from the start, and more when created', async () => {
    const names = async () =>
      (await kit.sdk.send(new ListGroupsCommand({ UserPoolId }))).Groups?.map((g) => g.GroupName);
    expect(await names()).toEqual(['Admins', 'Users']);
    await kit.sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: 'Support' }));
    expect(await names()).toEqual(['Admins', 'Support', 'Users']);
    await expect(kit.sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: 'Support' }))).rejects.toMatchObject({
      name: 'GroupExistsException',
    });
  });

  it('take a user in and let him go', async () => {
    const { email: Username } = await createUser(kit);
    const member = { UserPoolId, Username, GroupName: 'Users' };
    const groups = async () =>
      (await kit.sdk.send(new AdminListGroupsForUserCommand({ UserPoolId, Username }))).Groups?.map((g) => g.GroupName);
    await kit.sdk.send(new AdminAddUserToGroupCommand(member));
    await kit.sdk.send(new AdminAddUserToGroupCommand(member));
    expect(await groups()).toEqual(['Users']);
    await kit.sdk.send(new AdminRemoveUserFromGroupCommand(member));
    expect(await groups()).toEqual([]);
  });

  it('refuse a name that no group has', async () => {
    const { email: Username } = await createUser(kit);
    const add = kit.sdk.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: '__proto__' }));
    await expect(add).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'Group not found.' });
  });
});

describe('ListUsers', () => {
  const list = (Filter: string) => kit.sdk.send(new ListUsersCommand({ UserPoolId, Filter }));

  it('filters by address and by sub', async () => {
    const { email, sub } = await createUser(kit);
    for (const filter of [`email = "${email}"`, `email ^= "${email.slice(0, 7)}"`, `sub = "${sub}"`]) {
      expect((await list(filter)).Users?.map(({ Username }) => Username)).toContain(sub);
    }
  });

  it('refuses what is no filter, and custom attributes', async () => {
    await expect(list('email')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(list('custom:tenant_id = "a"')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('pages through everyone once', async () => {
    const subs = await Promise.all([0, 1, 2].map(async () => (await createUser(kit)).sub));
    const seen: string[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = { UserPoolId, Limit: 2, ...(PaginationToken && { PaginationToken }) };
      const answer = await kit.sdk.send(new ListUsersCommand(page));
      seen.push(...(answer.Users ?? []).map(({ Username = '' }) => Username));
      PaginationToken = answer.PaginationToken;
    } while (PaginationToken);
    expect(seen).toEqual(expect.arrayContaining(subs));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('Attributes', () => {
  it('let a user move to another address, unproven until the code', async () => {
    const { email, sub } = await createUser(kit);
    const { access: AccessToken } = await signIn(kit, email);
    const moved = freshEmail();
    const UserAttributes = [{ Name: 'email', Value: moved }];
    await kit.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }));
    expect(await verifiedOf(sub)).toBe('false');
    await kit.sdk.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' }));
    const Code = newestCode(kit, moved);
    await kit.sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }));
    expect(await verifiedOf(sub)).toBe('true');
  });

  it("refuse a user another's address", async () => {
    const [olivia, adam] = await Promise.all([createUser(kit), createUser(kit)]);
    const { access: AccessToken } = await signIn(kit, olivia.email);
    const UserAttributes = [{ Name: 'email', Value: adam.email }];
    await expect(kit.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))).rejects.toMatchObject({
      name: 'AliasExistsException',
    });
  });

  it.each(['custom:tenant_id', 'email_verified', 'sub'])('refuse a user his own %s', async (Name) => {
    const { email } = await createUser(kit);
    const { access: AccessToken } = await signIn(kit, email);
    const update = new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value: 'true' }] });
    await expect(kit.sdk.send(update)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'A client attempted to write unauthorized attribute',
    });
  });

  it('take custom:tenant_id from an administrator, and nothing the schema lacks', async () => {
    const { email: Username } = await createUser(kit);
    const update = (Name: string) =>
      kit.sdk.send(
        new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes: [{ Name, Value: 'x' }] }),
      );
    await expect(update('custom:tenant_id')).resolves.toBeDefined();
    await expect(update('custom:role')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('A user', () => {
  it('changes his password only with the old one', async () => {
    const { email } = await createUser(kit);
    const { access: AccessToken } = await signIn(kit, email);
    const change = (PreviousPassword: string) =>
      kit.sdk.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword: 'Another-one-2' }));
    await expect(change('Wrong-one-1')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await change(PASSWORD);
    expect((await signIn(kit, email, 'Another-one-2')).access).not.toBe('');
  });

  it('deletes himself', async () => {
    const { email } = await createUser(kit);
    const { access: AccessToken } = await signIn(kit, email);
    await kit.sdk.send(new DeleteUserCommand({ AccessToken }));
    await expect(signIn(kit, email)).rejects.toMatchObject({ message: 'Incorrect username or password.' });
  });
});

describe('The pool', () => {
  it('describes itself and its app client', async () => {
    const { ClientId } = kit;
    const { UserPool } = await kit.sdk.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool).toMatchObject({ Id: UserPoolId, MfaConfiguration: 'OPTIONAL', UsernameAttributes: ['email'] });
    const { UserPoolClient } = await kit.sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(UserPoolClient?.WriteAttributes).toEqual(['email', 'name']);
  });

  it('knows no other pool and no other client', async () => {
    await expect(kit.sdk.send(new ListGroupsCommand({ UserPoolId: 'eu-central-1_Other' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'User pool eu-central-1_Other does not exist.',
    });
    const other = new DescribeUserPoolClientCommand({ UserPoolId, ClientId: 'other' });
    await expect(kit.sdk.send(other)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
