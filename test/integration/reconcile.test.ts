import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminConfirmSignUpCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteRunning } from '../../local/running.ts';
import { addMembership, addTenant } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let folder: string;
let running: Disposable;

beforeAll(async () => {
  product = await startProduct();
  folder = await mkdtemp(join(tmpdir(), 'tenantry-reconcile-'));
  running = noteRunning(folder, { poolEndpoint: product.pool.endpoint, databaseUrl: product.database.appUrl });
  await reconcile('--apply');
});
afterAll(async () => {
  running[Symbol.dispose]();
  await rm(folder, { recursive: true });
  await product[Symbol.asyncDispose]();
});

type Run = { readonly code: number; readonly stdout: string; readonly stderr: string };

function reconcile(...args: string[]): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  const env = { PATH: process.env['PATH'], LOCAL_DIR: folder };
  const command = ['cli/reconcile.ts', '--rate', '200', ...args];
  execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
    resolve({ code: Number(error?.code ?? 0), stdout, stderr });
  });
  return promise;
}

/** What a run finds, as `difference state`, by user. */
async function find(...args: string[]): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await reconcile('--json', ...args);
  const lines = stdout.trim().split('\n').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const { userId, difference, state } = JSON.parse(line);
      return [userId, `${difference} ${state}`] as const;
    }),
  );
}

const UserPoolId = () => product.pool.poolId;

/** Somebody who signed up and confirmed, so that the triggers have made all there is. */
async function signUp(): Promise<string> {
  const Username = `r-${randomUUID().slice(0, 8)}@acme.test`;
  const UserAttributes = [{ Name: 'email', Value: Username }];
  const ClientId = product.pool.clientId;
  const { UserSub } = await product.sdk.send(
    new SignUpCommand({ ClientId, Username, Password: 'Correct-horse-7', UserAttributes }),
  );
  await product.sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: UserPoolId(), Username }));
  return UserSub ?? '';
}

const user = (Username: string) => ({ UserPoolId: UserPoolId(), Username });
const profileOf = (id: string) =>
  product.sql('select email, disabled_at is not null as disabled from users where id = $1', [id]);
const groupsOf = async (id: string) =>
  (await product.sdk.send(new AdminListGroupsForUserCommand(user(id)))).Groups?.map(({ GroupName }) => GroupName);

describe('npm run reconcile', () => {
  it('finds nothing where pool and database are in step', async () => {
    await signUp();
    const { code, stdout } = await reconcile();
    expect(stdout).toContain('Pool and database are in step.');
    expect(code).toBe(0);
  });

  /** Each way to fall out of step, and what a repair makes of it. */
  const WAYS: [string, (id: string) => Promise<unknown>, (id: string) => Promise<unknown>, unknown][] = [
    [
      'PROFILE_MISSING',
      (id) => product.sql('delete from users where id = $1', [id]),
      async (id) => (await profileOf(id)).length,
      1,
    ],
    ['USER_GONE', (id) => product.sdk.send(new AdminDeleteUserCommand(user(id))), profileOf, []],
    [
      'EMAIL_CHANGED',
      async (id) => {
        const UserAttributes = [{ Name: 'email', Value: `new-${id}@acme.test` }];
        await product.sdk.send(new AdminUpdateUserAttributesCommand({ ...user(id), UserAttributes }));
      },
      async (id) => await product.sql('select email_proof from users where id = $1 and email like $2', [id, 'new-%']),
      [{ email_proof: 'NONE' }],
    ],
    [
      'GROUP_LOST',
      (id) => product.sdk.send(new AdminRemoveUserFromGroupCommand({ ...user(id), GroupName: 'Users' })),
      groupsOf,
      ['Users'],
    ],
    [
      'STANDING_DIFFERS',
      (id) => product.sdk.send(new AdminDisableUserCommand(user(id))),
      async (id) => (await profileOf(id)).map((row) => 'disabled' in row && row.disabled),
      [true],
    ],
  ];

  it.each(WAYS)('finds %s, and with --apply repairs it', async (difference, fallOut, look, repaired) => {
    const id = await signUp();
    await fallOut(id);
    expect(await find()).toEqual(new Map([[id, `${difference} FOUND`]]));
    expect(await find('--apply')).toEqual(new Map([[id, `${difference} REPAIRED`]]));
    await expect.poll(() => look(id), { timeout: 10_000 }).toEqual(repaired);
  });

  it('finds who deleted the account and is still at the pool', async () => {
    const id = await signUp();
    await product.sql('delete from users where id = $1', [id]);
    await product.sql('insert into deleted_users (id) values ($1)', [id]);
    expect(await find('--apply')).toEqual(new Map([[id, 'DELETION_LOST REPAIRED']]));
    await expect.poll(() => find(), { timeout: 15_000 }).toEqual(new Map());
    expect(await profileOf(id)).toEqual([]);
  });

  it('leaves the only owner of a tenant to a person', async () => {
    const id = await signUp();
    const tenantId = await addTenant(product);
    await addMembership(product, { sub: id, email: '' }, tenantId, 'OWNER');
    await product.sdk.send(new AdminDeleteUserCommand(user(id)));
    const { code, stdout } = await reconcile('--apply');
    expect([code, stdout]).toEqual([2, expect.stringContaining(`${id} has a profile, and is not at the pool: left`)]);
    expect(await profileOf(id)).toHaveLength(1);
    await product.sql('delete from memberships where user_id = $1', [id]);
    expect(await find('--apply')).toEqual(new Map([[id, 'USER_GONE REPAIRED']]));
  });

  it('takes somebody who has not confirmed for no difference', async () => {
    const Username = `u-${randomUUID().slice(0, 8)}@acme.test`;
    const UserAttributes = [{ Name: 'email', Value: Username }];
    const ClientId = product.pool.clientId;
    await product.sdk.send(new SignUpCommand({ ClientId, Username, Password: 'Correct-horse-7', UserAttributes }));
    expect(await find()).toEqual(new Map());
  });
});

describe('a run that was ended', () => {
  it('goes on with the part it was at, and adds up', async () => {
    const id = await signUp();
    await product.sdk.send(new AdminRemoveUserFromGroupCommand({ ...user(id), GroupName: 'Users' }));
    const state = join(folder, 'ended.json');
    const at = Number.parseInt(id.slice(0, 1), 16);
    const ended = {
      poolId: UserPoolId(),
      apply: false,
      depth: 1,
      from: at,
      users: 1_000,
      tally: { 'USER_GONE FOUND': 3 },
    };
    await writeFile(state, JSON.stringify(ended));
    const { code, stdout, stderr } = await reconcile('--resume', '--state', state);
    expect(code).toBe(2);
    expect(stderr.split('\n')[0]).toMatch(`part ${at + 1} of 16`);
    expect(stdout).toContain('GROUP_LOST FOUND: 1');
    expect(stdout).toContain('USER_GONE FOUND: 3');
    await expect(readFile(state)).rejects.toThrow('ENOENT');
  });

  it('is not gone on with where there was none, or it was of another pool', async () => {
    const state = join(folder, 'other.json');
    expect((await reconcile('--resume', '--state', state)).code).toBe(1);
    const other = { poolId: 'eu-west-1_Other1', apply: false, depth: 0, from: 0, users: 0, tally: {} };
    await writeFile(state, JSON.stringify(other));
    const { code, stderr } = await reconcile('--resume', '--state', state);
    expect([code, stderr]).toEqual([1, expect.stringContaining('another pool')]);
  });

  it.each([['--rate', '0'], ['--nonsense']])('tells a mistake: %s', async (...args) => {
    expect((await reconcile(...args)).code).toBe(1);
  });
});
