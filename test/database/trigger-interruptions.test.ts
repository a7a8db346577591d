import { randomUUID } from 'node:crypto';
import { AdminCreateUserCommand, AdminListGroupsForUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAppProcess } from '../support/app-process.ts';
import { type Product, startProduct, toOptions } from '../support/product.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

// Cognito gives up after five.
const COGNITO_GIVES_UP_MS = 5_000;

let product: Product;
let user: { readonly UserPoolId: string; readonly Username: string };
let event: object;

beforeAll(async () => {
  product = await startProduct();
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
    const { log: _, ...options } = toOptions(product.pool, product.database);
    const local = { endpoint: way.url, keySetUrl: product.pool.jwksUri };
    await using node = await startAppProcess({ ...options, userPool: { ...options.userPool, local } });

    way.freeze();
    const lost = sendEvent(node, event).catch(() => null);
    await vi.waitFor(async () => expect(await profilesOf()).toEqual([{ confirmed_at: expect.any(Date) }]), 3_000);
    await node.kill();
    expect(await lost).toBeNull();

    // What the dead node had in hand is another's after ten seconds.
    await vi.waitFor(expectComplete, { timeout: 30_000, interval: 200 });
    expect((await sendEvent(product, event)).status).toBe(200);
    await expectComplete();
  }, 60_000);
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
    const begun = performance.now();
    const late = await sendEvent(product, event);
    expect(performance.now() - begun).toBeLessThan(COGNITO_GIVES_UP_MS);
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);

    await owner.end();
    await vi.waitFor(async () => expect(await openTransactions()).toBe(0), 3_000);
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
