import { randomUUID } from 'node:crypto';
import { ConfirmSignUpCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signIn } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import {
  createInvitationClient,
  expire,
  type InvitationClient,
  type Invited,
  toAddress,
} from '../support/invitations.ts';
import { addMember, addTenant, type Member } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { captureLog } from '../support/transcript.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const PASSWORD = 'Correct-horse-7';
const { log, lines } = captureLog('info');

let product: Product;
let client: InvitationClient;
let owner: Member;
/** At a domain that sign-up is not open to. */
let email: string;
let invited: Invited;

beforeAll(async () => {
  product = await startProduct({ app: { log } });
  client = createInvitationClient(product);
});
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(async () => {
  owner = await addMember(product, await addTenant(product), 'OWNER');
  email = toAddress();
  invited = await client.invited(owner, email, 'ADMIN');
});

const toMetadata = (secret: string | null) =>
  secret === null ? {} : { ClientMetadata: { invitation_secret: secret } };

async function signUp(secret: string | null, Username = email): Promise<string> {
  const user = { ClientId: product.pool.clientId, Username, Password: PASSWORD };
  const UserAttributes = [{ Name: 'email', Value: Username }];
  const { UserSub } = await product.sdk.send(new SignUpCommand({ ...user, UserAttributes, ...toMetadata(secret) }));
  return UserSub ?? '';
}

async function confirm(secret: string | null, Username = email): Promise<void> {
  const [mail] = product.pool.mailbox.list(Username);
  const code = { ClientId: product.pool.clientId, Username, ConfirmationCode: mail?.code ?? '' };
  await product.sdk.send(new ConfirmSignUpCommand({ ...code, ...toMetadata(secret) }));
}

const placesOf = (sub: string) =>
  product.sql('select m.tenant_id, m.role from memberships m where m.user_id = $1', [sub]);
const statusOf = async () =>
  (await product.sql<{ status: string }>('select status from invitations where id = $1', [invited.id]))[0]?.status;
const refusalOf = (act: Promise<unknown>) =>
  act.then(
    () => null,
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('signing up with an invitation, where sign-up is not open', () => {
  it('makes a member once the code has come back, whose first token speaks for the tenant', async () => {
    const sub = await signUp(invited.secret);
    expect([await placesOf(sub), await statusOf()]).toEqual([[], 'PENDING']);
    await confirm(invited.secret);
    expect([await placesOf(sub), await statusOf()]).toEqual([
      [{ tenant_id: owner.tenantId, role: 'ADMIN' }],
      'ACCEPTED',
    ]);
    const token = await signIn(product.sdk, email, PASSWORD);
    const { body } = await product.query(token, '{ viewer { tenantId profile { emailProof } membership { role } } }');
    expect(body.data.viewer).toEqual({
      tenantId: owner.tenantId,
      profile: { emailProof: 'CODE' },
      membership: { role: 'ADMIN' },
    });
  });

  it('writes that the user joined, by the trigger, and counts him', async () => {
    await signUp(invited.secret);
    await confirm(invited.secret);
    const events = 'select action, actor_id from audit_events where tenant_id = $1 order by id';
    expect((await product.sql(events, [owner.tenantId])).slice(1)).toEqual([
      { action: 'membership.join', actor_id: null },
      { action: 'invitation.accept', actor_id: null },
    ]);
    expect(await product.sql('select member_count from tenants where id = $1', [owner.tenantId])).toEqual([
      { member_count: 2 },
    ]);
  });

  it.each<[string, () => Promise<string | null>]>([
    ['no secret', async () => null],
    ['one that is none', async () => 'inv_'],
    ['one to another address', async () => (await client.invited(owner, toAddress())).secret],
    [
      'an expired one',
      async () => {
        await expire(product, invited);
        return invited.secret;
      },
    ],
    [
      'a revoked one',
      async () => {
        await client.revoke(owner, invited);
        return invited.secret;
      },
    ],
    [
      'one of somebody who has left',
      async () => {
        await product.sql('delete from memberships where id = $1', [owner.membershipId]);
        return invited.secret;
      },
    ],
    [
      'one of a suspended tenant',
      async () => {
        await product.sql(`update tenants set status = 'SUSPENDED' where id = $1`, [owner.tenantId]);
        return invited.secret;
      },
    ],
  ])('is refused with %s, always in the same words', async (_, make) => {
    const refusal = await refusalOf(signUp(await make()));
    expect(refusal).toMatch(/Sign-up is not open to addresses at guest\.test/);
    expect(refusal).toBe(await refusalOf(signUp(null, toAddress())));
  });
});

describe('a confirmation', () => {
  it.each([
    ['no secret', () => null],
    ['a secret that opens nothing', () => 'inv_nothing'],
  ])('with %s makes no member, and leaves the invitation for acceptInvitation', async (_, make) => {
    const sub = await signUp(invited.secret);
    await confirm(make());
    expect([await placesOf(sub), await statusOf()]).toEqual([[], 'PENDING']);
    const token = await signIn(product.sdk, email, PASSWORD);
    expect(codesOf(await client.accept({ token }, invited))).toEqual([]);
    expect(await placesOf(sub)).toHaveLength(1);
  });

  it('with a secret that opens nothing is told to the log, without the secret', async () => {
    const from = lines.length;
    await signUp(invited.secret);
    await client.revoke(owner, invited);
    await confirm(invited.secret);
    const told = lines.slice(from).filter((line) => line.includes('is not made a member'));
    expect(told.map((line) => JSON.parse(line))).toMatchObject([
      { code: 'NOT_FOUND', reason: expect.stringMatching(/is REVOKED$/) },
    ]);
    expect(lines.slice(from).join('')).not.toContain(invited.secret.slice(4));
  });

  it('without a code, by the domain alone, proves nothing and takes no invitation', async () => {
    const Username = `i-${randomUUID().slice(0, 8)}@auto.test`;
    const { secret } = await client.invited(owner, Username);
    const sub = await signUp(secret, Username);
    expect(await placesOf(sub)).toEqual([]);
  });

  it('that the pool tells thrice makes one member', async () => {
    const sub = await signUp(invited.secret);
    await confirm(invited.secret);
    await product.sql('update users set confirmed_at = null where id = $1', [sub]);
    const attributes = { sub, email, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' };
    const request = { userAttributes: attributes, clientMetadata: { invitation_secret: invited.secret } };
    const event = toEvent(product, 'PostConfirmation_ConfirmSignUp', attributes, { userName: sub, request });
    for (let count = 0; count < 2; count += 1) expect((await sendEvent(product, event)).status).toBe(200);
    expect(await placesOf(sub)).toHaveLength(1);
    expect(await product.sql('select member_count from tenants where id = $1', [owner.tenantId])).toEqual([
      { member_count: 2 },
    ]);
  });
});
