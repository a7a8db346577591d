import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCutoffs } from '../../src/identity/cutoffs.ts';
import { REVOCATION_TIMINGS, startCutoffFeed } from '../../src/store/cutoff-feed.ts';
import { createDatabase } from '../../src/store/database.ts';
import { codesOf } from '../support/answers.ts';
import { EVENTUALLY, NEVER_MS, PATIENT_DATABASE } from '../support/eventually.ts';
import { type NodeBeside, startNodeBeside } from '../support/node-beside.ts';
import { addMember, addMembership, addTenant, type Member, toMachineClaims, toUserClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { captureLog } from '../support/transcript.ts';

const MEMBERS = '{ members { totalCount } }';
const ENDED = '401 UNAUTHENTICATED';
const STALE = '401 TOKEN_STALE';
const SOON_MS = 50;
const QUICK_CHANNEL = { beatMs: SOON_MS, silenceMs: 4 * SOON_MS, connectMs: 4 * SOON_MS, pauseMs: SOON_MS };
/** The node learns of revocations by notifications alone. */
const BY_NOTIFICATION = {
  tickMs: NEVER_MS,
  staleMs: NEVER_MS,
  silenceMs: NEVER_MS,
  connectMs: NEVER_MS,
  openMs: NEVER_MS,
  pauseMs: SOON_MS,
};
/** The node learns of revocations also by reading the table. */
const BY_TABLE = { ...QUICK_CHANNEL, tickMs: SOON_MS, staleMs: NEVER_MS };
/** Once revocations in memory may be out of date, the node asks the database about each request. */
const BY_REQUEST = { ...QUICK_CHANNEL, tickMs: NEVER_MS, staleMs: 4 * SOON_MS };
const FAILURES = 3;

let product: Product;
let beside: NodeBeside;
const besideLog = captureLog();
let root: string;
let tenantId: string;
let owner: Member;
let mia: Member;

beforeAll(async () => {
  product = await startProduct();
  beside = await startNodeBeside(product, { log: besideLog.log }, { revocations: BY_NOTIFICATION });
  root = await product.tokenOf('root@tenantry.test');
});
afterAll(async () => {
  await beside[Symbol.asyncDispose]();
  await product[Symbol.asyncDispose]();
});
beforeEach(async () => {
  tenantId = await addTenant(product);
  [owner, mia] = await Promise.all([addMember(product, tenantId, 'OWNER'), addMember(product, tenantId, 'MEMBER')]);
});

const mutate = async (token: string, mutation: string) => {
  const answer = await product.query(token, `mutation { ${mutation} }`);
  expect(codesOf(answer)).toEqual([]);
};
const signOut = (token: string) => mutate(token, 'signOut { session { id } }');
const suspend = () => mutate(root, `suspendTenant(input: { tenantId: "${tenantId}" }) { tenant { id } }`);
const resume = () => mutate(root, `resumeTenant(input: { tenantId: "${tenantId}" }) { tenant { id } }`);
const setPolicy = (policy: string) => mutate(owner.token, `setTenantPolicy(input: { ${policy} }) { tenant { id } }`);
const changeRole = (role: string) =>
  mutate(
    owner.token,
    `changeMemberRole(input: { membershipId: "${mia.membershipId}", role: ${role} }) { membership { id } }`,
  );
/** A later token of the same sign-in, as the trigger would stamp it now. */
const refresh = async (claims: object = {}) => {
  const [row] = await product.sql<{ role: string; version: string }>(
    'select role, version from memberships where user_id = $1 and tenant_id = $2',
    [mia.sub, tenantId],
  );
  const stamped = row && { tenant_id: tenantId, tenant_role: row.role, membership_version: Number(row.version) };
  return product.pool.signToken(toUserClaims(product, mia.sub, { ...stamped, ...claims }));
};

describe('a node that did not answer the mutation refuses within a second', () => {
  it('a session that was signed out', async () => {
    expect(await beside.ask(mia.token)).toBe('200');
    await signOut(mia.token);
    await expect.poll(() => beside.ask(mia.token), EVENTUALLY).toBe(ENDED);
  });

  it('a user who signed out everywhere, also a token it never saw', async () => {
    const unseen = await refresh();
    await mutate(mia.token, 'signOutEverywhere { sessions { id } }');
    await expect.poll(() => beside.ask(unseen), EVENTUALLY).toBe(ENDED);
  });

  it('a user who was disabled, until he signs in after he was enabled', async () => {
    await mutate(root, `disableUser(input: { userId: "${mia.sub}" }) { user { id } }`);
    await expect.poll(() => beside.ask(mia.token), EVENTUALLY).toBe(ENDED);
    await mutate(root, `enableUser(input: { userId: "${mia.sub}" }) { user { id } }`);
    const later = await refresh({ auth_time: Math.floor(Date.now() / 1000) + 1 });
    await expect.poll(() => beside.ask(later), EVENTUALLY).toBe('200');
    expect(await beside.ask(mia.token)).toBe(ENDED);
  });

  it('a user who deleted his account', async () => {
    await mutate(mia.token, `deleteMyAccount(input: { confirmEmail: "${mia.email}" }) { userId }`);
    await expect.poll(() => beside.ask(mia.token), EVENTUALLY).toBe(ENDED);
  });

  it('a role that has changed, until the token tells the new one', async () => {
    await changeRole('ADMIN');
    await expect.poll(() => beside.ask(mia.token), EVENTUALLY).toBe(STALE);
    expect(await beside.ask(await refresh(), '{ invitations { totalCount } }')).toBe('200');
  });

  it('a membership that has ended, and the same token after a new one began', async () => {
    const stamped = await refresh();
    await mutate(owner.token, `removeMember(input: { membershipId: "${mia.membershipId}" }) { membership { id } }`);
    await expect.poll(() => beside.ask(stamped), EVENTUALLY).toBe(STALE);
    expect(await beside.ask(await refresh())).toBe('200');
    await addMembership(product, mia, tenantId, 'MEMBER');
    expect(await beside.ask(stamped)).toBe(STALE);
    expect(await beside.ask(await refresh(), MEMBERS)).toBe('200');
  });

  it('what is about a tenant that was suspended, until it is resumed', async () => {
    const machine = await product.pool.signToken(
      toMachineClaims(product, { tenant_id: tenantId, scope: 'tenantry/members.read' }),
    );
    await suspend();
    await expect.poll(() => beside.ask(mia.token, MEMBERS), EVENTUALLY).toBe('200 TENANT_SUSPENDED');
    expect(await beside.ask(machine, MEMBERS)).toBe('200 TENANT_SUSPENDED');
    expect(await beside.ask(mia.token, '{ tenant { id } }')).toBe('200 TENANT_SUSPENDED');
    await resume();
    await expect.poll(() => beside.ask(mia.token, MEMBERS), EVENTUALLY).toBe('200');
  });

  it('what is about a tenant that is being deleted', async () => {
    const [{ slug } = { slug: '' }] = await product.sql<{ slug: string }>('select slug from tenants where id = $1', [
      tenantId,
    ]);
    await mutate(root, `deleteTenant(input: { tenantId: "${tenantId}", confirmSlug: "${slug}" }) { tenant { id } }`);
    await expect.poll(() => beside.ask(mia.token, MEMBERS), EVENTUALLY).toBe('200 TENANT_SUSPENDED');
  });

  it('a session that proves less than the tenant asks by now', async () => {
    await setPolicy('mfaRequired: true');
    await expect.poll(() => beside.ask(mia.token, MEMBERS), EVENTUALLY).toBe('200 STEP_UP_REQUIRED');
    expect(await beside.ask(await refresh({ amr: ['pwd', 'mfa'] }), MEMBERS)).toBe('200');
  });

  it('a session that is older than the tenant lets it be, and no younger one', async () => {
    const old = await refresh({ auth_time: Math.floor(Date.now() / 1000) - 400 });
    await setPolicy('maxSessionAgeSeconds: 300');
    await expect.poll(() => beside.ask(old, MEMBERS), EVENTUALLY).toBe('200 STEP_UP_REQUIRED');
    expect(await beside.ask(mia.token, MEMBERS)).toBe('200');
  });
});

describe('in a suspended tenant', () => {
  beforeEach(suspend);

  it.each([
    [
      'viewer and what is below it',
      '{ viewer { profile { id } tenant { status } membership { role } sessions { id } } }',
    ],
    ['switchTenant', 'mutation ($id: ID!) { switchTenant(input: { tenantId: $id }) { membership { id } } }'],
    ['exportMyData', 'mutation { exportMyData { data } }'],
    ['signOut', 'mutation { signOut { session { id } } }'],
    ['signOutEverywhere', 'mutation { signOutEverywhere { sessions { id } } }'],
  ])('%s still works', async (_, query) => {
    expect(codesOf(await product.query(mia.token, query, { id: tenantId }))).toEqual([]);
  });

  it('nothing is changed, with data of none of the fields', async () => {
    const answer = await product.query(
      owner.token,
      'mutation { updateProfile(input: { displayName: "New" }) { user { id } } updateTenant(input: { name: "New" }) { tenant { id } } }',
    );
    expect(codesOf(answer)).toEqual(['TENANT_SUSPENDED']);
    expect(answer.body).not.toHaveProperty('data');
  });
});

describe('a member whose session is too weak for his tenant', () => {
  it('is told which sign-in would do, and goes on after it', async () => {
    await setPolicy('mfaRequired: true, maxSessionAgeSeconds: 600');
    const { body } = await product.query(mia.token, MEMBERS);
    expect(body.errors[0].extensions).toEqual({ code: 'STEP_UP_REQUIRED', maxAuthAgeSeconds: 600, mfa: true });
    expect(codesOf(await product.query(await refresh({ amr: ['mfa'] }), MEMBERS))).toEqual([]);
  });

  it('still sees who he is and signs out, and may not change the policy', async () => {
    await setPolicy('mfaRequired: true');
    expect(codesOf(await product.query(mia.token, '{ viewer { tenant { policy { mfaRequired } } } }'))).toEqual([]);
    const relax = 'mutation { setTenantPolicy(input: { mfaRequired: false }) { tenant { id } } }';
    expect(codesOf(await product.query(owner.token, relax))).toEqual(['STEP_UP_REQUIRED']);
    await signOut(mia.token);
  });
});

describe('where notifications do not come through', () => {
  afterEach(async () => {
    await beside.channel.start().catch(() => undefined);
    beside.channel.thaw();
  });

  it.each([
    ['the connection is cut', (node: NodeBeside) => node.channel.stop()],
    ['the connection fell silent', async (node: NodeBeside) => node.channel.freeze()],
  ])('%s: refuses within five seconds all the same', async (_, fail) => {
    expect(REVOCATION_TIMINGS.staleMs).toBeLessThanOrEqual(5_000);
    await using byTable = await startNodeBeside(product, {}, { revocations: BY_TABLE });
    await using byRequest = await startNodeBeside(product, {}, { revocations: BY_REQUEST });
    for (const node of [byTable, byRequest]) {
      expect(await node.ask(mia.token)).toBe('200');
      await fail(node);
    }
    await signOut(mia.token);
    for (const node of [byTable, byRequest]) await expect.poll(() => node.ask(mia.token), EVENTUALLY).toBe(ENDED);
  });

  it('hears again once they do, and misses nothing of the time between', async () => {
    const linesOf = (text: string) => besideLog.lines.filter((line) => line.includes(text)).length;
    const [lost, found] = ['do not come through', 'come through again'];
    await expect.poll(() => linesOf(found), EVENTUALLY).toBe(linesOf(lost));
    const before = linesOf(lost);
    await beside.channel.stop();
    await expect.poll(() => linesOf(lost), EVENTUALLY).toBeGreaterThan(before);
    await changeRole('ADMIN');
    await beside.channel.start();
    await expect.poll(() => beside.ask(mia.token), EVENTUALLY).toBe(STALE);
    await expect.poll(() => linesOf(found), EVENTUALLY).toBe(linesOf(lost));
    const other = await addMember(product, tenantId, 'MEMBER');
    await signOut(other.token);
    await expect.poll(() => beside.ask(other.token), EVENTUALLY).toBe(ENDED);
  });
});

describe('where the database is gone', () => {
  it('refuses whoever it cannot tell about, after five seconds, and lets him in again with the database', async () => {
    expect(REVOCATION_TIMINGS.staleMs).toBe(5_000);
    const staleMs = 10 * SOON_MS;
    await using alone = await startNodeBeside(product, {}, { revocations: { ...BY_TABLE, staleMs } });
    expect(await alone.ask(mia.token)).toBe('200');
    await alone.database.stop();
    await alone.channel.stop();
    await expect.poll(() => alone.ask(mia.token), EVENTUALLY).toBe('503 SERVICE_UNAVAILABLE');
    await signOut(mia.token);
    await alone.database.start();
    await alone.channel.start();
    await expect.poll(() => alone.ask(mia.token), EVENTUALLY).toBe(ENDED);
    await expect.poll(() => alone.ask(owner.token), EVENTUALLY).toBe('200');
  });
});

describe('a notification that nobody of ours sent', () => {
  it.each([
    'not JSON',
    '{}',
    JSON.stringify({ id: 1, kind: 'TENANT', tenant: null, user: null, name: null, value: 7 }),
  ])('of %s ends no process and no token', async (payload) => {
    await product.sql('select pg_notify($1, $2)', ['tenantry_cutoffs', payload]);
    await signOut((await addMember(product, tenantId, 'MEMBER')).token);
    expect([await beside.ask(mia.token), (await product.query(mia.token, MEMBERS)).status]).toEqual(['200', 200]);
  });
});

describe('a row that nobody can read', () => {
  it('leaves a node in doubt, whatever it hears, until it is gone', async () => {
    const database = createDatabase({
      url: product.database.appUrl,
      poolSize: 1,
      preparedStatements: true,
      timings: PATIENT_DATABASE,
    });
    let ageMs = () => Number.NaN;
    let isListening = () => false;
    const { log, lines } = captureLog();
    const feed = await startCutoffFeed({
      database,
      directUrl: product.database.appUrl,
      cutoffs: createCutoffs(),
      timings: { tickMs: SOON_MS, beatMs: SOON_MS, silenceMs: NEVER_MS },
      log,
      metrics: {
        watchCutoffs: (read) => {
          ageMs = () => read().ageSeconds * 1_000;
          isListening = () => read().isListening;
        },
      },
    });
    await expect.poll(isListening, EVENTUALLY).toBe(true);
    // In doubt, its memory is older than the row; in no doubt, it is younger than what has happened since.
    const insertedAt = performance.now();
    await product.sql(`insert into cutoffs (kind, value, name) values ('TENANT', '7', 'nobody can read it')`);
    const failures = () => lines.filter((line) => line.includes('could not be read')).length;
    await expect.poll(failures, EVENTUALLY).toBeGreaterThanOrEqual(FAILURES);
    expect(isListening()).toBe(true);
    expect(ageMs()).toBeGreaterThan(performance.now() - insertedAt);
    await product.sql(`delete from cutoffs where name = 'nobody can read it'`);
    const deletedAt = performance.now();
    await expect.poll(() => ageMs() < performance.now() - deletedAt, EVENTUALLY).toBe(true);
    await feed[Symbol.asyncDispose]();
    await database.close();
  });
});

describe('the table of cutoffs', () => {
  it('is read by no caller, and written by him about nobody else', async () => {
    const insert = 'insert into cutoffs (kind, of_tenant, of_user, value) values ($1, $2, $3, $4)';
    const asRole = async (role: string, sql: string, values: unknown[] = []) =>
      product
        .sql(
          `do $do$ begin set local role ${role}; perform set_config('app.tenant_id', '${tenantId}', true), set_config('app.user_id', '${mia.sub}', true);
           execute ${quote(fill(sql, values))}; end $do$`,
        )
        .then(
          () => 'done',
          (error: Error) => error.message,
        );
    expect(await asRole('tenantry_tenant', 'select id from cutoffs')).toMatch(/permission denied/);
    expect(await asRole('tenantry_self', 'select id from cutoffs')).toMatch(/permission denied/);
    expect(await asRole('tenantry_self', insert, ['USER', null, mia.sub, '1'])).toBe('done');
    expect(await asRole('tenantry_self', insert, ['USER', null, owner.sub, '1'])).toMatch(/row-level security/);
    expect(await asRole('tenantry_self', insert, ['TENANT', tenantId, null, '{}'])).toMatch(/row-level security/);
    expect(await asRole('tenantry_tenant', insert, ['TENANT', randomUUID(), null, '{}'])).toMatch(/row-level security/);
    expect(await asRole('tenantry_tenant', insert, ['USER', tenantId, owner.sub, '1'])).toMatch(/row-level security/);
  });
});

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
const fill = (sql: string, values: readonly unknown[]) =>
  sql.replace(/\$(\d)/g, (_, place) => (values[place - 1] === null ? 'null' : quote(String(values[place - 1]))));
