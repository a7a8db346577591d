import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminSetUserPasswordCommand, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { createPoolClient, startSession } from '../../local/seed/pool-users.ts';
import { LOCAL_POOL } from '../../local/user-pool/constants.ts';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { findLastingPort } from '../support/find-lasting-port.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Requests are answered earlier, but a signal waits until the demo data is there too. */
const LAST_WORDS = 'Ctrl-C stops everything.';

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
  const [port, poolPort] = [await findLastingPort(), await findLastingPort()];
  url = `http://127.0.0.1:${port}`;
  poolEndpoint = `http://127.0.0.1:${poolPort}`;
  const settings = { PORT: port, LOCAL_POOL_PORT: poolPort, LOCAL_DIR: folder, DATABASE_URL: database.appUrl };
  const env = { ...process.env, ...COMPILE_CACHE, ...settings, DRAIN_SECONDS: '1' };
  environment = env as unknown as NodeJS.ProcessEnv;
  npm = await start();
});
afterAll(async () => {
  // Not SIGKILL, which npm could not pass on.
  const ended = once(npm, 'exit');
  if (npm.kill('SIGINT')) await ended;
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

async function start(): Promise<ChildProcess> {
  const child = spawn('npm', ['start'], { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  printed = '';
  const { promise: started, resolve, reject } = Promise.withResolvers<void>();
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    printed += text;
    if (printed.includes(LAST_WORDS)) resolve();
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  child.once('close', (code) => reject(new Error(`npm start ended with ${code}: ${printed}`)));
  await started;
  return child;
}

async function visitSandbox() {
  const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  return { status: page.status, hasToken: (await page.text()).includes('Bearer') };
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

describe('a demo user who has another password by now', () => {
  it('leaves Sandbox without a token', async () => {
    expect(printed).toContain('Try it as');
    const pool = createPoolClient(poolEndpoint);
    const found = await pool.send(
      new ListUsersCommand({ UserPoolId: LOCAL_POOL.poolId, Filter: 'email = "mia@acme.test"' }),
    );
    const user = { UserPoolId: LOCAL_POOL.poolId, Username: found.Users?.[0]?.Username };
    await pool.send(new AdminSetUserPasswordCommand({ ...user, Password: 'Another-horse-9', Permanent: true }));
    pool.destroy();
    expect(await visitSandbox(), printed).toEqual({ status: 200, hasToken: false });
  });
});

describe('SIGTERM to npm start', () => {
  it('drains the product behind it and leaves nothing running', async () => {
    const ended = once(npm, 'exit');
    npm.kill('SIGTERM');
    const readiness = async () => (await fetch(`${url}/readyz`)).json();
    await vi.waitFor(async () => expect(await readiness()).toEqual({ status: 'draining' }), EVENTUALLY);
    await ended;
    await vi.waitFor(() => expect(fetch(`${url}/livez`)).rejects.toThrow(), EVENTUALLY);
  });
});

describe('the next npm start', () => {
  it('comes up where its demo user has another password or an app by now, and shows Sandbox without a token', async () => {
    npm = await start();
    expect(printed).not.toContain('Try it as');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await visitSandbox(), printed).toEqual({ status: 200, hasToken: false });
  });
});
