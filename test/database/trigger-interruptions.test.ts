import { randomUUID } from 'node:crypto';
import { AdminCreateUserCommand, AdminListGroupsForUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TRIGGER_TIMINGS } from '../../src/triggers/context.ts';
import { startAppProcess } from '../support/app-process.ts';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { type Product, startBeside, startProduct, toOptions } from '../support/product.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const COGNITO_GIVES_UP_MS = 5_000;
const LEASE_SECONDS = 10;

let product: Product;
let user: { readonly UserPoolId: string; readonly Username: string };
let event: object;

beforeAll(async () => {
  const timings = { triggers: { deadlineMs: NEVER_MS, handOverMs: NEVER_MS }, outbox: { pollMs: NEVER_MS } };
  product = await startProduct({ overrides: { timings } });
});
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(async () => {
  const UserPoolId = product.pool.poolId;
  const email = `k-${randomUUID()}@acme.test`;
  const command = new AdminCreateUserCommand({ UserPoolId, Username: email, MessageAction: 'SUPPRESS' });
  user = { UserPoolId, Username: (await product.sdk.send(command)).User?.Username ?? '' };
  const attributes = { sub: user.Username, email, email_verified: 'true' };
  event = toEvent(product, 'PostConfirmation_ConfirmSignUp', attributes);
});

const profilesOf = () => product.sql('select confirmed_at from users where id = $1', [user.Username]);
const auditOf = () => product.sql('select action from audit_events where target_id = $1', [user.Username]);
const groupsOf = async () =>
  (await product.sdk.send(new AdminListGroupsForUserCommand(user))).Groups?.map(({ GroupName }) => GroupName);

async function expectComplete(): Promise<void> {
  expect(await profilesOf()).toEqual([{ confirmed_at: expect.any(Date) }]);
  expect(await auditOf()).toEqual([{ action: 'user.create' }]);
  expect(await groupsOf()).toEqual(['Users']);
}

describe('a process that is killed between profile and group', () => {
  it('leaves what is to be given, and another node gives it', async () => {
    await using way = await startTcpProxy(product.pool.endpoint);
    const options = toOptions(product.pool, product.database);
    const { log: _, ...rest } = options;
    const local = { endpoint: way.url, keySetUrl: product.pool.jwksUri };
    await using node = await startAppProcess(
      { ...rest, userPool: { ...options.userPool, local } },
      { triggers: { deadlineMs: NEVER_MS, handOverMs: NEVER_MS } },
    );

    way.freeze();
    const lost = sendEvent(node, event).catch(() => null);
    await vi.waitFor(async () => expect(await claimsOf()).toMatchObject([{ attempts: 1 }]), EVENTUALLY);
    await node.kill();
    expect(await lost).toBeNull();
    expect(await profilesOf()).toEqual([{ confirmed_at: expect.any(Date) }]);
    expect(await groupsOf()).toEqual([]);

    const [claim] = await claimsOf();
    expect(claim?.leftSeconds).toBeLessThanOrEqual(LEASE_SECONDS);
    await product.sql('update outbox set next_at = now() where user_id = $1', [user.Username]);
    await using _other = await startBeside(product, { overrides: { timings: { outbox: { pollMs: 20 } } } });
    await vi.waitFor(expectComplete, EVENTUALLY);
    expect((await sendEvent(product, event)).status).toBe(200);
    await expectComplete();
  });

  const claimsOf = () =>
    product.sql<{ readonly attempts: number; readonly leftSeconds: number }>(
      `select attempts, extract(epoch from next_at - now())::float8 as "leftSeconds"
       from outbox where user_id = $1 and done_at is null`,
      [user.Username],
    );
});

describe('a trigger that takes longer than its deadline', () => {
  let owner: pg.Client;
  beforeEach(async () => {
    owner = new pg.Client({ connectionString: product.database.ownerUrl });
    await owner.connect();
    await owner.query('begin');
    await owner.query('lock table audit_events in exclusive mode');
  });

  it('is answered 503 in time, leaves nothing once it could go on, and completes when called again', async () => {
    expect(TRIGGER_TIMINGS.deadlineMs).toBeLessThan(COGNITO_GIVES_UP_MS);
    expect(TRIGGER_TIMINGS.handOverMs).toBeLessThan(TRIGGER_TIMINGS.deadlineMs);
    await using node = await startBeside(product, { overrides: { timings: { triggers: { deadlineMs: 300 } } } });
    // Answered while the lock is held: nothing but the deadline ends the call.
    const late = await sendEvent(node, event);
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);

    await owner.end();
    await vi.waitFor(async () => expect(await openTransactions()).toBe(0), EVENTUALLY);
    expect(await profilesOf()).toEqual([]);
    expect(await groupsOf()).toEqual([]);

    expect((await sendEvent(product, event)).status).toBe(200);
    await expectComplete();
  });

  const openTransactions = async () =>
    (
      await product.sql(
        `select from pg_stat_activity where datname = current_database() and application_name = 'tenantry' and xact_start is not null`,
      )
    ).length;
});
