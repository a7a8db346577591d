import { randomBytes, scryptSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnClientOptions } from '../../local/user-pool/index.ts';
import { createUser, getKeysFile, PASSWORD, type PoolKit, refresh, signIn, startKit } from './kit.ts';
import { createMachine, requestToken, toBasic } from './machine-kit.ts';

type StoredSession = {
  readonly refreshTokens: readonly { readonly hash: string }[];
  readonly scopes: unknown;
  readonly context: unknown;
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-user-pool-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The first pool of a state file, where the keys are not what the test is about. */
const begin = async (stateFile: string, options: OwnClientOptions = {}) =>
  startKit({ stateFile, initialFile: await getKeysFile(), ...options });
const keysOf = async ({ pool }: PoolKit) => (await fetch(pool.jwksUri)).text();

describe('The state file', () => {
  it('brings users, sign-ins, keys and mail through a restart', async () => {
    const stateFile = join(folder, 'kept', 'pool.json');
    const first = await startKit({ stateFile });
    const { email } = await createUser(first);
    const tokens = await signIn(first, email);
    first.pool.mailbox.deliver({ to: email, subject: 'Hello', text: '', code: null });
    const keys = await keysOf(first);
    await first[Symbol.asyncDispose]();

    await using second = await startKit({ stateFile });
    expect(await keysOf(second)).toBe(keys);
    expect((await refresh(second, tokens.refresh)).access).not.toBe('');
    expect(second.pool.mailbox.list(email)).toHaveLength(1);
  });

  it('is written before the answer leaves, and only its owner reads it', async () => {
    const stateFile = join(folder, 'pool.json');
    await using kit = await begin(stateFile);
    const { email } = await createUser(kit);
    expect(await readFile(stateFile, 'utf8')).toContain(email);
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
  });

  it('holds no password, and leaves no half-written file behind', async () => {
    const stateFile = join(folder, 'alone', 'pool.json');
    await using kit = await begin(stateFile);
    await Promise.all([createUser(kit), createUser(kit), createUser(kit)]);
    expect(await readFile(stateFile, 'utf8')).not.toContain('Correct-horse-1');
    expect(await readdir(join(folder, 'alone'))).toEqual(['pool.json']);
  });

  it('brings app clients and their secrets through a restart', async () => {
    const stateFile = join(folder, 'clients', 'pool.json');
    const first = await begin(stateFile);
    const machine = await createMachine(first);
    await first[Symbol.asyncDispose]();
    await using second = await startKit({ stateFile });
    expect((await requestToken(second, { grant_type: 'client_credentials' }, toBasic(machine))).status).toBe(200);
  });

  it('of a pool that knew one client alone still loads', async () => {
    const stateFile = join(folder, 'old.json');
    const first = await begin(stateFile);
    const { email } = await createUser(first);
    const { refresh: token } = await signIn(first, email);
    await first[Symbol.asyncDispose]();
    const { clients: _, resourceServers: __, sessions, ...old } = JSON.parse(await readFile(stateFile, 'utf8'));
    const ofOneClient = sessions.map(({ clientId: _, ...session }: { readonly clientId: string }) => session);
    await writeFile(stateFile, JSON.stringify({ ...old, sessions: ofOneClient }));
    await using second = await startKit({ stateFile });
    expect((await refresh(second, token)).access).not.toBe('');
    expect((await createMachine(second)).id).not.toBe('');
  });

  it('of a pool that hashed passwords at another cost still lets their users in', async () => {
    const stateFile = join(folder, 'cost.json');
    const first = await begin(stateFile);
    const { email } = await createUser(first);
    await first[Symbol.asyncDispose]();
    const { users, ...rest } = JSON.parse(await readFile(stateFile, 'utf8'));
    const salt = randomBytes(16);
    const hash = scryptSync(PASSWORD, salt, 32, { N: 2 ** 14, r: 8, p: 1 });
    const passwordHash = `${salt.toString('base64url')}.${hash.toString('base64url')}`;
    await writeFile(stateFile, JSON.stringify({ ...rest, users: [{ ...users[0], passwordHash }] }));
    await using second = await startKit({ stateFile });
    expect((await signIn(second, email)).access).not.toBe('');
    await expect(signIn(second, email, 'Wrong-one-1')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('of a pool that knew one live refresh token a session still loads, and knows the spent ones', async () => {
    const stateFile = join(folder, 'rotated.json');
    const first = await begin(stateFile, { refreshRotation: true });
    const { email } = await createUser(first);
    const { refresh: spent } = await signIn(first, email);
    const { refresh: live } = await refresh(first, spent);
    await first[Symbol.asyncDispose]();
    const { sessions, ...rest } = JSON.parse(await readFile(stateFile, 'utf8'));
    const old = sessions.map(({ refreshTokens: [one, two], scopes: _, context: __, ...session }: StoredSession) => ({
      ...session,
      refreshHash: two?.hash,
      spentHashes: [one?.hash],
    }));
    await writeFile(stateFile, JSON.stringify({ ...rest, sessions: old }));
    await using second = await startKit({ stateFile, refreshRotation: true });
    await expect(refresh(second, spent)).rejects.toMatchObject({ name: 'RefreshTokenReuseException' });
    expect((await refresh(second, live)).access).not.toBe('');
  });

  it.each(['{"version":1', '{}', '[]', ''])('that holds %j is refused in one line', async (text) => {
    const stateFile = join(folder, 'broken.json');
    await writeFile(stateFile, text);
    await expect(startKit({ stateFile })).rejects.toMatchObject({
      name: 'StartupError',
      message: `${stateFile} does not hold a local user pool: delete ${dirname(stateFile)} to begin anew.`,
    });
  });
});
