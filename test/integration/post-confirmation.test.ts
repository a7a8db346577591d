import { randomUUID } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminListGroupsForUserCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENTUALLY, NEVER_MS } from '../support/eventually.ts';
import { type Product, startBeside, startProduct } from '../support/product.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const SETTINGS = {
  allowedDomains: ['acme.test'],
  autoConfirmDomains: ['auto.test'],
  defaultGroup: 'Everybody',
  tenantClaim: 'tenant_id',
};

const QUICK_OUTBOX = { pollMs: 20, firstPauseMs: 20, longestPauseMs: 100 };
/** A hundred calls at once wait for each other on a busy machine. */
const PATIENT = {
  triggers: { deadlineMs: NEVER_MS, handOverMs: NEVER_MS },
  outbox: QUICK_OUTBOX,
};

let product: Product;

beforeAll(async () => {
  product = await startProduct({ app: { triggers: SETTINGS }, overrides: { timings: PATIENT } });
  await createGroup(SETTINGS.defaultGroup);
});
afterAll(() => product[Symbol.asyncDispose]());

const createGroup = (GroupName: string) =>
  product.sdk.send(new CreateGroupCommand({ UserPoolId: product.pool.poolId, GroupName }));

/** A user of the pool that no trigger has told of yet, and the event that will. */
async function createUnknown(attributes: Readonly<Record<string, string>> = {}, domain = 'acme.test') {
  const email = `p-${randomUUID().slice(0, 8)}@${domain}`;
  const UserPoolId = product.pool.poolId;
  const command = new AdminCreateUserCommand({ UserPoolId, Username: email, MessageAction: 'SUPPRESS' });
  const sub = (await product.sdk.send(command)).User?.Username ?? '';
  const all = { sub, email, email_verified: 'true', 'cognito:user_status': 'CONFIRMED', ...attributes };
  return { sub, email, event: toEvent(product, 'PostConfirmation_ConfirmSignUp', all) };
}

const profileOf = (sub: string) =>
  product.sql('select email, email_key, email_proof, display_name from users where id = $1', [sub]);
const auditOf = (sub: string) =>
  product.sql('select action, actor_id, tenant_id from audit_events where target_id = $1', [sub]);
const groupsOf = async (email: string) => {
  const command = new AdminListGroupsForUserCommand({ UserPoolId: product.pool.poolId, Username: email });
  return (await product.sdk.send(command)).Groups?.map(({ GroupName }) => GroupName);
};

describe('the post-confirmation trigger', () => {
  it.each([
    ['a\u0000b', 'ab'],
    ['\u202eevil', 'evil'],
    ['\u200b', null],
  ])('cleans a name such as %j, which its owner could not have given himself here', async (name, kept) => {
    const { sub, email, event } = await createUnknown({ name });
    expect((await sendEvent(product, event)).status).toBe(200);
    expect(await profileOf(sub)).toMatchObject([{ display_name: kept ?? email.slice(0, email.indexOf('@')) }]);
  });

  it('makes a profile, gives the default group, and hands the event back as it came', async () => {
    const { sub, email, event } = await createUnknown({ name: ' Pat ' });
    const { status, body } = await sendEvent(product, event);
    expect([status, body]).toEqual([200, event]);
    expect(await profileOf(sub)).toEqual([{ email, email_key: email, email_proof: 'CODE', display_name: 'Pat' }]);
    expect(await groupsOf(email)).toEqual(['Everybody']);
  });

  it('makes one profile and writes it down once, of 100 copies at the same moment', async () => {
    const { sub, event } = await createUnknown();
    const answers = await Promise.all(Array.from({ length: 100 }, () => sendEvent(product, event)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await profileOf(sub)).toHaveLength(1);
    expect(await auditOf(sub)).toEqual([{ action: 'user.create', actor_id: null, tenant_id: null }]);
  });

  it('changes nothing when it comes again later', async () => {
    const { sub, event } = await createUnknown();
    await sendEvent(product, event);
    await product.sql(`update users set display_name = 'By hand' where id = $1`, [sub]);
    await sendEvent(product, event);
    expect(await profileOf(sub)).toMatchObject([{ display_name: 'By hand', email_proof: 'CODE' }]);
    expect(await auditOf(sub)).toHaveLength(1);
  });

  it('makes nothing of a forgotten password', async () => {
    const { sub, email, event } = await createUnknown();
    const triggerSource = 'PostConfirmation_ConfirmForgotPassword';
    expect((await sendEvent(product, { ...event, triggerSource })).status).toBe(200);
    expect(await profileOf(sub)).toEqual([]);
    expect(await groupsOf(email)).toEqual([]);
  });

  it.each([
    ['a code', {}, 'acme.test', 'CODE'],
    ['the domain alone', {}, 'auto.test', 'DOMAIN'],
    ['an identity provider', { 'cognito:user_status': 'EXTERNAL_PROVIDER' }, 'acme.test', 'IDP'],
    ['nothing', { email_verified: 'false' }, 'acme.test', 'NONE'],
    [
      'nothing, though an identity provider says the address',
      { email_verified: 'false', 'cognito:user_status': 'EXTERNAL_PROVIDER' },
      'acme.test',
      'NONE',
    ],
    ['nothing, where nobody says', { email_verified: '' }, 'auto.test', 'NONE'],
  ])('keeps that %s proves the address', async (_, attributes, domain, proof) => {
    const { sub, event } = await createUnknown(attributes, domain);
    await sendEvent(product, event);
    expect(await profileOf(sub)).toMatchObject([{ email_proof: proof }]);
  });

  it('makes a profile without an address for a federated user who has none', async () => {
    const { sub, event } = await createUnknown({ email: '', email_verified: '' });
    await sendEvent(product, event);
    expect(await profileOf(sub)).toEqual([
      { email: null, email_key: '', email_proof: 'NONE', display_name: 'Unnamed' },
    ]);
  });

  it('refuses an event that names no user', async () => {
    const event = toEvent(product, 'PostConfirmation_ConfirmSignUp', { email: 'x@acme.test' });
    expect((await sendEvent(product, event)).status).toBe(422);
  });
});

describe('a group that cannot be given', () => {
  const noGroup = { ...SETTINGS, defaultGroup: 'NotThereYet' };
  let other: Product;
  beforeAll(async () => {
    const timings = { outbox: QUICK_OUTBOX, triggers: { handOverMs: 50 } };
    other = await startBeside(product, { app: { triggers: noGroup }, overrides: { timings } });
  });
  afterAll(() => other[Symbol.asyncDispose]());

  it('fails no confirmation, and is given once it can be', async () => {
    const UserPoolId = other.pool.poolId;
    const Username = 'late@acme.test';
    const created = await other.sdk.send(
      new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }),
    );
    const sub = created.User?.Username ?? '';
    const event = toEvent(other, 'PostConfirmation_ConfirmSignUp', { sub, email: Username, email_verified: 'true' });
    const { status, body } = await sendEvent(other, event);
    expect([status, body]).toEqual([200, event]);
    expect(await other.sql('select id from users where id = $1', [sub])).toHaveLength(1);

    await other.sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: noGroup.defaultGroup }));
    const groups = async () => {
      const { Groups } = await other.sdk.send(new AdminListGroupsForUserCommand({ UserPoolId, Username }));
      return Groups?.map(({ GroupName }) => GroupName);
    };
    await expect.poll(groups, EVENTUALLY).toEqual([noGroup.defaultGroup]);
  });
});
