import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, freshEmail, PASSWORD, type PoolKit, signIn, startKit } from './kit.ts';
import { createSrpClient } from './srp-client.ts';

let kit: PoolKit;
let now = new Date();
beforeAll(async () => {
  kit = await startKit({ clock: () => now });
});
afterAll(() => kit[Symbol.asyncDispose]());

const begin = ({ sdk, ClientId }: PoolKit, USERNAME: string, SRP_A: string) =>
  sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME, SRP_A } }));
const finish = ({ sdk, ClientId }: PoolKit, ChallengeResponses: Record<string, string>) =>
  sdk.send(new RespondToAuthChallengeCommand({ ClientId, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses }));

/** Both halves of a sign-in by SRP; `change` spoils the answer. */
async function signInBySrp(
  on: PoolKit,
  username: string,
  password = PASSWORD,
  change: (answer: Record<string, string>) => Record<string, string> = (answer) => answer,
) {
  const client = createSrpClient('Tenantry0');
  const { ChallengeName, ChallengeParameters = {} } = await begin(on, username, client.publicKey);
  expect(ChallengeName).toBe('PASSWORD_VERIFIER');
  return finish(on, change(client.answer(ChallengeParameters, password)));
}

const refused = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };

describe('USER_SRP_AUTH', () => {
  it('signs in who knows the password, by address in any case of letters', async () => {
    const { email } = await createUser(kit);
    const { AuthenticationResult } = await signInBySrp(kit, email.toUpperCase());
    expect(Object.keys(AuthenticationResult ?? {}).sort()).toEqual([
      'AccessToken',
      'ExpiresIn',
      'IdToken',
      'RefreshToken',
      'TokenType',
    ]);
  });

  it('goes on with a new password where the first was temporary', async () => {
    const Username = freshEmail();
    const TemporaryPassword = 'Temporary-1';
    await kit.sdk.send(new AdminCreateUserCommand({ UserPoolId: kit.UserPoolId, Username, TemporaryPassword }));
    expect((await signInBySrp(kit, Username, TemporaryPassword)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  });

  it('tells a disabled user so, but only who knows the password', async () => {
    const { email } = await createUser(kit);
    await kit.sdk.send(new AdminDisableUserCommand({ UserPoolId: kit.UserPoolId, Username: email }));
    await expect(signInBySrp(kit, email)).rejects.toMatchObject({ message: 'User is disabled.' });
    await expect(signInBySrp(kit, email, 'Wrong-one-1')).rejects.toMatchObject(refused);
  });

  it('tells a stranger from a user by nothing: not the words, not the form, not by asking twice', async () => {
    const [{ email }, stranger] = [await createUser(kit), freshEmail()];
    const client = createSrpClient('Tenantry0');
    const shapes = [];
    for (const name of [email, stranger, stranger.toUpperCase()]) {
      const { ChallengeParameters = {} } = await begin(kit, name, client.publicKey);
      const { SALT = '', USER_ID_FOR_SRP = '', USERNAME, SRP_B = '', SECRET_BLOCK = '' } = ChallengeParameters;
      expect(USER_ID_FOR_SRP).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(USERNAME).toBe(USER_ID_FOR_SRP);
      expect(SALT).toMatch(/^[0-9a-f]{28,32}$/);
      expect(SRP_B).toMatch(/^[0-9a-f]{760,768}$/);
      expect(SECRET_BLOCK).toHaveLength(88);
      shapes.push({ SALT, USER_ID_FOR_SRP });
    }
    expect(shapes[1]).toEqual(shapes[2]);
    await expect(signInBySrp(kit, stranger)).rejects.toMatchObject(refused);
    await expect(signInBySrp(kit, stranger, '')).rejects.toMatchObject(refused);
    await expect(signInBySrp(kit, email, 'Wrong-one-1')).rejects.toMatchObject(refused);
  });

  it.each<[string, (answer: Record<string, string>) => Record<string, string>]>([
    ['another signature', (answer) => ({ ...answer, PASSWORD_CLAIM_SIGNATURE: Buffer.alloc(32).toString('base64') })],
    ['half a signature', (answer) => ({ ...answer, PASSWORD_CLAIM_SIGNATURE: 'AAAA' })],
    ['another time than was signed', (answer) => ({ ...answer, TIMESTAMP: 'Mon Jan 1 00:00:00 UTC 2024' })],
    ['another secret block', (answer) => ({ ...answer, PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' })],
  ])('refuses %s', async (_, change) => {
    const { email } = await createUser(kit);
    await expect(signInBySrp(kit, email, PASSWORD, change)).rejects.toMatchObject(refused);
  });

  it('refuses a time in another form', async () => {
    const { email } = await createUser(kit);
    const spoil = (answer: Record<string, string>) => ({ ...answer, TIMESTAMP: now.toISOString() });
    await expect(signInBySrp(kit, email, PASSWORD, spoil)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('refuses the same answer a second time, and one after three minutes', async () => {
    const { email } = await createUser(kit);
    const client = createSrpClient('Tenantry0');
    const answer = async () => {
      const { ChallengeParameters = {} } = await begin(kit, email, client.publicKey);
      return client.answer(ChallengeParameters, PASSWORD);
    };
    const first = await answer();
    await finish(kit, first);
    await expect(finish(kit, first)).rejects.toMatchObject(refused);
    const late = await answer();
    now = new Date(now.getTime() + 180_000);
    await expect(finish(kit, late)).rejects.toMatchObject(refused);
  });

  it('is finished by the app client that began it', async () => {
    const { email } = await createUser(kit);
    const ExplicitAuthFlows = ['ALLOW_USER_SRP_AUTH' as const];
    const { UserPoolClient } = await kit.sdk.send(
      new CreateUserPoolClientCommand({ UserPoolId: kit.UserPoolId, ClientName: 'other', ExplicitAuthFlows }),
    );
    const client = createSrpClient('Tenantry0');
    const { ChallengeParameters = {} } = await begin(kit, email, client.publicKey);
    const other = { ...kit, ClientId: UserPoolClient?.ClientId ?? '' };
    await expect(finish(other, client.answer(ChallengeParameters, PASSWORD))).rejects.toMatchObject(refused);
  });

  it('takes no password that was replaced between the halves', async () => {
    const { email: Username } = await createUser(kit);
    const { UserPoolId } = kit;
    const client = createSrpClient('Tenantry0');
    const { ChallengeParameters = {} } = await begin(kit, Username, client.publicKey);
    const replace = { UserPoolId, Username, Password: 'Another-one-2', Permanent: true };
    await kit.sdk.send(new AdminSetUserPasswordCommand(replace));
    await expect(finish(kit, client.answer(ChallengeParameters, PASSWORD))).rejects.toMatchObject(refused);
    expect((await signInBySrp(kit, Username, 'Another-one-2')).AuthenticationResult).toBeDefined();
  });

  // With A a multiple of N the shared secret is zero, whatever the password: RFC 5054 §2.5.4.
  it.each(['0', '00', createSrpClient('Tenantry0').prime, 'no hex', ''])(
    'refuses the public key %.12s',
    async (key) => {
      const { email } = await createUser(kit);
      await expect(begin(kit, email, key)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    },
  );
});

describe('A user of an older state file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-user-pool-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('signs in by SRP from his next sign-in by password on', async () => {
    const stateFile = join(folder, 'pool.json');
    const first = await startKit({ stateFile });
    const { email } = await createUser(first);
    await first[Symbol.asyncDispose]();
    const { users, decoySecret: _, mfa: __, ...rest } = JSON.parse(await readFile(stateFile, 'utf8'));
    const old = users.map(({ srp: _, totp: __, ...user }: { readonly srp: unknown; readonly totp: unknown }) => user);
    await writeFile(stateFile, JSON.stringify({ ...rest, users: old }));

    await using second = await startKit({ stateFile });
    await expect(signInBySrp(second, email)).rejects.toMatchObject(refused);
    await signIn(second, email);
    expect((await signInBySrp(second, email)).AuthenticationResult).toBeDefined();
  });
});
