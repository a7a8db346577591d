import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalUserPool } from '../../local/user-pool/index.ts';
import { type AppOverrides, createApp } from '../../src/app.ts';
import { readConfig, requireComplete } from '../../src/config.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { toAppOptions } from '../../src/process.ts';
import { createBlankDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { toOverrides } from '../support/product.ts';
import { startProcess } from '../support/start-process.ts';

const SCHEMA_FOLDER = join(import.meta.dirname, '..', '..', 'schema');

let database: TestDatabase;
let blank: TestDatabase;
let folder: string;
let busy: Server;
let busyPort: string;

beforeAll(async () => {
  [database, blank] = [await createTestDatabase(), await createBlankDatabase()];
  folder = await mkdtemp(join(tmpdir(), 'tenantry-start-up-'));
  busy = createServer();
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  busyPort = String((busy.address() as AddressInfo).port);
});
afterAll(async () => {
  busy.close();
  await rm(folder, { recursive: true });
  await Promise.all([database.drop(), blank.drop()]);
});

/** A configuration that starts, but for what a test changes in it. */
const complete = () => ({
  HOST: '127.0.0.1',
  LOG_LEVEL: 'silent',
  DATABASE_URL: database.appUrl,
  COGNITO_USER_POOL_ID: 'eu-west-1_AbCdEfGhI',
  COGNITO_CLIENT_IDS: 'client',
  TRIGGER_SECRETS: 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQtb2YtMzItYnl0ZXM=',
  AUDIT_SECRETS: 'whsec_dGVuYW50cnktYXVkaXQtc2VjcmV0LW9mLTMyLWJ5dGU=',
  SIGN_UP_ALLOWED_DOMAINS: '*',
});

const start = async (env: object, overrides?: AppOverrides) =>
  createApp(await toAppOptions(requireComplete(readConfig({ ...complete(), ...env }))), toOverrides(overrides));

const expectStartupError = (outcome: Promise<unknown>, message: RegExp) =>
  expect(outcome).rejects.toMatchObject({ name: 'StartupError', message: expect.stringMatching(message) });

// A process prints the message of a StartupError, as the first and the third of these tests prove.
describe('a process that cannot start', () => {
  const SERVICE = ['src/main.ts'];
  const ON_THIS_MACHINE = ['run.js', 'local/main.ts'];

  async function expectExit(scripts: readonly string[], env: Record<string, string>, lines: readonly RegExp[]) {
    const { code, errorLines, output } = await startProcess(scripts, env);
    expect(errorLines).toEqual(lines.map((line) => expect.stringMatching(line)));
    expect(code).toBe(1);
    expect(output).not.toMatch(/^\s+at /m);
  }

  it('names every setting that is missing, a line each, and ends with 1', () =>
    expectExit(SERVICE, {}, [
      /^DATABASE_URL is not set/,
      /^COGNITO_USER_POOL_ID is not set/,
      /^COGNITO_CLIENT_IDS is not set/,
      /^TRIGGER_SECRETS is not set/,
      /^AUDIT_SECRETS is not set/,
      /^SIGN_UP_ALLOWED_DOMAINS is not set/,
    ]));

  it('says in one line that its port is taken', () =>
    expectStartupError(
      start({ PORT: busyPort }),
      new RegExp(`^Port ${busyPort} is in use\\. .* set PORT to another\\.$`),
    ));

  it('says in one line that the local pool does not stand in by accident', () =>
    expectExit(ON_THIS_MACHINE, { LOCAL_DIR: folder, HOST: '0.0.0.0' }, [
      /^COGNITO_USER_POOL_ID is not set, and HOST is 0\.0\.0\.0/,
    ]));

  it('says in one line that the local pool has no state it can read', async () => {
    const stateFile = join(folder, 'user-pool.json');
    await writeFile(stateFile, '{"version": 1');
    await expectStartupError(
      startLocalUserPool({ stateFile, port: 0, trigger: null }),
      /user-pool\.json does not hold a local user pool: delete .* to begin anew\.$/,
    );
  });
});

describe('the service refuses to start', () => {
  it('where its database does not answer', async () => {
    const DATABASE_URL = 'postgres://user:not-for-the-log@127.0.0.1:1/none';
    await expectStartupError(
      start({ DATABASE_URL }),
      /^The database cannot be asked: .*ECONNREFUSED.* Check DATABASE_URL/,
    );
    await expect(start({ DATABASE_URL })).rejects.not.toMatchObject({ message: expect.stringContaining('not-for') });
  });

  it.each([
    ['without a sender', { INVITATION_URL: 'https://app.acme.com/invitation' }],
    ['without a page for its link', { MAIL_FROM: 'no-reply@acme.com' }],
  ])('with mail %s', (_, env) =>
    expectStartupError(
      start({ SMTP_URL: 'smtps://mail.acme.com', ...env }),
      /^SMTP_URL is set, .*MAIL_FROM and INVITATION_URL/,
    ),
  );

  it('as a superuser, whom no row policy binds', () =>
    expectStartupError(
      start({ DATABASE_URL: database.ownerUrl }),
      /superuser or bypasses row policies: name another role/,
    ));

  it('on a database that was not migrated', () =>
    expectStartupError(start({ DATABASE_URL: blank.appUrl }), /^The database is not migrated: run "npm run migrate"/));

  it.each([
    ['a field without a rule', 'extend type Query { open: String }', /Query\.open/],
    ['a mutation without a rule', 'extend type Mutation { open: String }', /Mutation\.open/],
    ['a type without a rule', 'type Loose { id: ID } extend type Query { loose: Loose @auth }', /Loose/],
    ['a group nobody knows', 'extend type Query { odd: String @auth(groups: ["Kings"]) }', /Kings/],
    ['a subscription', 'type Subscription { tick: String @auth }', /Subscription/],
    ['no valid SDL', 'type {', /^The SDL is not valid: /],
  ])('with a schema that has %s', async (_, sdl, problem) => {
    const typeDefs = [...loadTypeDefs(SCHEMA_FOLDER), sdl];
    await expectStartupError(start({}, { schema: { typeDefs } }), problem);
  });
});
