import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminSetUserPasswordCommand, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findFreePort } from '../../local/database/find-free-port.ts';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { createPoolClient, startSession } from '../../local/seed/pool-users.ts';
import { LOCAL_POOL } from '../../local/user-pool/constants.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const START_MS = 15_000;

let database: TestDatabase;
let folder: string;
let environment: NodeJS.ProcessEnv;
let npm: ChildProcess;
let printed: string;
let url: string;
let poolEndpoint: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'tenantry-npm-start-'));
  const [port, poolPort] = [await findFreePort(), await findFreePort()];
  url = `http://127.0.0.1:${port}`;
  poolEndpoint = `http://127.0.0.1:${poolPort}`;
  const settings = { PORT: port, LOCAL_POOL_PORT: poolPort, LOCAL_DIR: folder, DATABASE_URL: database.appUrl };
  const env = { ...process.env, ...settings, DRAIN_SECONDS: '2' };
  environment = env as unknown as NodeJS.ProcessEnv;
  npm = await start();
});
afterAll(async () => {
  npm.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

async function start(): Promise<ChildProcess> {
  const child = spawn('npm', ['start'], { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  // Requests are answered earlier, but a signal waits until the demo data is there too.
  await vi.waitFor(() => expect(printed).toContain('Ctrl-C stops everything.'), START_MS);
  return child;
}

describe('npm start', () => {
  it('lends AWS credentials without a setting, by the tokens of a demo user', async () => {
    const pool = createPoolClient(poolEndpoint);
    const { accessToken, idToken } = await startSession(pool, 'mia@acme.test', DEMO_PASSWORD);
    pool.destroy();
    const query = `mutation ($idToken: String) {
      awsCredentials(input: { idToken: $idToken }) { credentials { accessKeyId } }
    }`;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ query, variables: { idToken } }),
    });
    expect(await response.json()).toEqual({
      data: { awsCredentials: { credentials: { accessKeyId: expect.stringMatching(/^ASIA/) } } },
    });
  });
});

describe('SIGTERM to npm start', () => {
  it('drains the product behind it and leaves nothing running', async () => {
    const ended = once(npm, 'exit');
    npm.kill('SIGTERM');
    await vi.waitFor(
      async () => expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'draining' }),
      5_000,
    );
    await ended;
    await vi.waitFor(() => expect(fetch(`${url}/livez`)).rejects.toThrow(), 5_000);
  });
});

describe('the next npm start', () => {
  it('comes up where its demo user has another password or an app by now, and shows Sandbox without a token', async () => {
    npm = await start();
    expect(printed).toContain('Try it as');
    const pool = createPoolClient(poolEndpoint);
    const found = await pool.send(
      new ListUsersCommand({ UserPoolId: LOCAL_POOL.poolId, Filter: 'email = "mia@acme.test"' }),
    );
    const user = { UserPoolId: LOCAL_POOL.poolId, Username: found.Users?.[0]?.Username };
    await pool.send(new AdminSetUserPasswordCommand({ ...user, Password: 'Another-horse-9', Permanent: true }));
    pool.destroy();
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    expect([page.status, (await page.text()).includes('Bearer')]).toEqual([200, false]);
    const ended = once(npm, 'exit');
    npm.kill('SIGINT');
    await ended;
    npm = await start();
    expect(printed).not.toContain('Try it as');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});
