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
  DeleteUserPoolClientCommand,
  ListUserPoolClientsCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../cli/reconcile/checkpoint.ts';
import { noteRunning } from '../../local/running.ts';
import { reconcile } from '../../src/jobs/reconcile.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { createUserPool, type UserPool } from '../../src/user-pool/user-pool.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { EVENTUALLY, PATIENT_DATABASE } from '../support/eventually.ts';
import { addMember, addMembership, addTenant } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let folder: string;
let running: Disposable;
let userPool: UserPool;
let database: Database;

beforeAll(async () => {
  product = await startProduct({ overrides: { timings: { outbox: { pollMs: 20 } } } });
  const { poolId: userPoolId, endpoint } = product.pool;
  userPool = createUserPool({ userPoolId, endpoint, rates: { reads: 1_000, changes: 1_000, lists: 1_000 } });
  database = createDatabase({
    url: product.database.appUrl,
    poolSize: 2,
    preparedStatements: true,
    timings: PATIENT_DATABASE,
  });
  folder = await mkdtemp(join(tmpdir(), 'tenantry-reconcile-'));
  running = noteRunning(folder, { poolEndpoint: product.pool.endpoint, databaseUrl: product.database.appUrl });
  await find({ apply: true });
});
afterAll(async () => {
  running[Symbol.dispose]();
  await rm(folder, { recursive: true });
  userPool.close();
  await database.close();
  await product[Symbol.asyncDispose]();
});

type Run = { readonly code: number; readonly stdout: string; readonly stderr: string };

function command(...args: string[]): Promise<Run> {
  const { promise, resolve } = Promise.withResolvers<Run>();
  const env = { PATH: process.env['PATH'], LOCAL_DIR: folder, ...COMPILE_CACHE };
  const line = ['cli/reconcile.ts', '--rate', '200', ...args];
  execFile(process.execPath, line, { env }, (error, stdout, stderr) => {
    resolve({ code: Number(error?.code ?? 0), stdout, stderr });
  });
  return promise;
}

/** What differs, as `difference state`, by user or client: the work of the command, in this process. */
async function find({ apply = false, graceMs = 0, depth = 0 } = {}): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  await reconcile({
    database,
    userPool,
    defaultGroup: 'Users',
    asksGroups: true,
    graceMs,
    apply,
    depth,
    from: 0,
    onFinding: ({ id, difference, state }) =>
      found.set(id, [found.get(id), `${difference} ${state}`].filter((told) => told !== undefined).join(', ')),
    onPart: async () => {},
  });
  return found;
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

describe('pool and database', () => {
  it('are in step after a sign-up', async () => {
    await signUp();
    for (const depth of [0, 1]) expect(await find({ depth })).toEqual(new Map());
  });

  /** Each way to fall out of step, and what a repair makes of it. */
  const WAYS: [string, (id: string) => Promise<unknown>, (id: string) => Promise<unknown>, unknown][] = [
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

  it.each(WAYS)('differ by %s, and are brought in step', async (difference, fallOut, look, repaired) => {
    const id = await signUp();
    await fallOut(id);
    expect(await find()).toEqual(new Map([[id, `${difference} FOUND`]]));
    expect(await find({ apply: true })).toEqual(new Map([[id, `${difference} REPAIRED`]]));
    await expect.poll(() => look(id), EVENTUALLY).toEqual(repaired);
  });

  it.each<[string, (id: string) => Promise<unknown>, string]>([
    [
      'no profile',
      (id) => product.sql('delete from users where id = $1', [id]),
      'PROFILE_MISSING $, CONFIRMATION_LOST $',
    ],
    [
      'a profile made by his first token',
      (id) => product.sql('update users set confirmed_at = null where id = $1', [id]),
      'CONFIRMATION_LOST $',
    ],
  ])('differ by a confirmation that was lost, with %s, and he is given what it gives', async (_, lose, told) => {
    const id = await signUp();
    await lose(id);
    await product.sdk.send(new AdminRemoveUserFromGroupCommand({ ...user(id), GroupName: 'Users' }));
    expect((await find({ graceMs: 60_000 })).get(id) ?? '').not.toContain('CONFIRMATION_LOST');
    expect(await find()).toEqual(new Map([[id, told.replaceAll('$', 'FOUND')]]));
    expect(await find({ apply: true })).toEqual(new Map([[id, told.replaceAll('$', 'REPAIRED')]]));
    await expect.poll(() => groupsOf(id), EVENTUALLY).toEqual(['Users']);
    expect(await product.sql('select confirmed_at from users where id = $1', [id])).toEqual([
      { confirmed_at: expect.any(Date) },
    ]);
    expect(await find()).toEqual(new Map());
  });

  it('differ by who deleted the account and is still at the pool', async () => {
    const id = await signUp();
    await product.sql('delete from users where id = $1', [id]);
    await product.sql('insert into deleted_users (id) values ($1)', [id]);
    expect(await find({ apply: true })).toEqual(new Map([[id, 'DELETION_LOST REPAIRED']]));
    await expect.poll(() => find(), EVENTUALLY).toEqual(new Map());
    expect(await profileOf(id)).toEqual([]);
  });

  it('stay as they are about the only owner of a tenant', async () => {
    const id = await signUp();
    const tenantId = await addTenant(product);
    await addMembership(product, { sub: id, email: '' }, tenantId, 'OWNER');
    await product.sdk.send(new AdminDeleteUserCommand(user(id)));
    expect(await find({ apply: true })).toEqual(new Map([[id, 'USER_GONE KEPT']]));
    expect(await profileOf(id)).toHaveLength(1);
    await product.sql('delete from memberships where user_id = $1', [id]);
    expect(await find({ apply: true })).toEqual(new Map([[id, 'USER_GONE REPAIRED']]));
  });

  it('are in step about somebody who has not confirmed', async () => {
    const Username = `u-${randomUUID().slice(0, 8)}@acme.test`;
    const UserAttributes = [{ Name: 'email', Value: Username }];
    const ClientId = product.pool.clientId;
    await product.sdk.send(new SignUpCommand({ ClientId, Username, Password: 'Correct-horse-7', UserAttributes }));
    expect(await find()).toEqual(new Map());
  });
});

describe('npm run reconcile', () => {
  it('says who differs and how, and repairs it with --apply', async () => {
    const id = await signUp();
    await product.sdk.send(new AdminDisableUserCommand(user(id)));
    const told = await command();
    expect(told.code).toBe(2);
    expect(told.stdout).toContain(`${id} is kept out by one of the two alone\n`);
    expect(told.stderr).toContain('part 16 of 16');

    const applied = await command('--apply', '--json');
    expect(applied.code).toBe(0);
    const [finding, summary] = applied.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(finding).toEqual({ id, difference: 'STANDING_DIFFERS', state: 'REPAIRED' });
    expect(summary).toMatchObject({ tally: { 'STANDING_DIFFERS REPAIRED': 1 } });
  });

  it('goes on with a run that was ended at the part it was at, and adds up', async () => {
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
    const { code, stdout, stderr } = await command('--resume', '--state', state);
    expect(code).toBe(2);
    expect(stderr.split('\n')[0]).toMatch(`part ${at + 1} of 16`);
    expect(stdout).toContain('GROUP_LOST FOUND: 1');
    expect(stdout).toContain('USER_GONE FOUND: 3');
    await expect(readFile(state)).rejects.toThrow('ENOENT');
  });

  it('goes on with no run where there was none, or it was of another pool', async () => {
    const state = join(folder, 'other.json');
    await expect(readCheckpoint(state, UserPoolId())).rejects.toThrow('There is no run to go on with');
    const other = { poolId: 'eu-west-1_Other1', apply: false, depth: 0, from: 0, users: 0, tally: {} };
    await writeFile(state, JSON.stringify(other));
    await expect(readCheckpoint(state, UserPoolId())).rejects.toThrow('another pool');
  });

  it.each([['--rate', '0'], ['--nonsense']])('tells a mistake: %s', async (...args) => {
    expect((await command(...args)).code).toBe(1);
  });
});

// Last, for whoever owns their tenants is not at the pool.
describe('machine clients', () => {
  const clientsAtPool = async () =>
    (
      await product.sdk.send(new ListUserPoolClientsCommand({ UserPoolId: UserPoolId(), MaxResults: 60 }))
    ).UserPoolClients?.map(({ ClientId }) => ClientId) ?? [];

  async function addClient(): Promise<{ readonly id: string; readonly tenantId: string }> {
    const tenantId = await addTenant(product);
    const { token } = await addMember(product, tenantId, 'OWNER');
    const { body } = await product.query(
      token,
      'mutation ($input: CreateMachineClientInput!) { createMachineClient(input: $input) { machineClient { id } } }',
      { input: { name: 'Robot', scopes: ['tenantry/members.read'] } },
    );
    return { id: body.data.createMachineClient.machineClient.id, tenantId };
  }

  it('are in step once made', async () => {
    const { id } = await addClient();
    expect(await clientsAtPool()).toContain(id);
    expect((await find()).has(id)).toBe(false);
  });

  it.each<[string, string]>([
    ['was never registered', 'delete from app_clients where client_id = $1'],
    ['was ended without the pool', 'update app_clients set ended_at = now() where client_id = $1'],
  ])('differ by one that %s, unless it was made just now', async (_, sql) => {
    const { id } = await addClient();
    await product.sql(sql, [id]);
    expect((await find({ graceMs: 60_000 })).has(id)).toBe(false);
    expect((await find()).get(id)).toBe('CLIENT_LEFT FOUND');
    expect((await find({ apply: true })).get(id)).toBe('CLIENT_LEFT REPAIRED');
    expect(await clientsAtPool()).not.toContain(id);
    expect((await find()).has(id)).toBe(false);
  });

  it('differ by one that was deleted at the pool, and it is ended and audited', async () => {
    const { id, tenantId } = await addClient();
    await product.sdk.send(new DeleteUserPoolClientCommand({ UserPoolId: UserPoolId(), ClientId: id }));
    expect((await find({ apply: true })).get(id)).toBe('CLIENT_GONE REPAIRED');
    expect(await product.sql('select ended_at from app_clients where client_id = $1', [id])).toEqual([
      { ended_at: expect.any(Date) },
    ]);
    const actions = await product.sql('select action from audit_events where tenant_id = $1 order by id', [tenantId]);
    expect(actions.at(-1)).toEqual({ action: 'machine-client.delete' });
    expect((await find()).has(id)).toBe(false);
  });

  it('leave those alone that are not ours', async () => {
    expect(await clientsAtPool()).toContain(product.pool.clientId);
    expect((await find()).has(product.pool.clientId)).toBe(false);
  });
});
