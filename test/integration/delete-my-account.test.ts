import { randomUUID } from 'node:crypto';
import { AdminGetUserCommand, UserNotFoundException } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDemoUser } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import { addProven, createInvitationClient } from '../support/invitations.ts';
import {
  addMember,
  addMembership,
  addTenant,
  addUser,
  type Member,
  type Person,
  toMachineClaims,
  toUserClaims,
} from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const DELETE =
  'mutation ($confirmEmail: String!) { deleteMyAccount(input: { confirmEmail: $confirmEmail }) { userId } }';
const ROUNDS = 8;

let product: Product;

beforeAll(async () => {
  product = await getSharedProduct();
});

const remove = ({ token, email }: Pick<Person, 'token' | 'email'>, confirmEmail = email) =>
  product.query(token, DELETE, { confirmEmail });
const profileOf = (sub: string) => product.sql('select from users where id = $1', [sub]);
const countOf = async (tenantId: string) =>
  (await product.sql<{ count: number }>('select member_count as count from tenants where id = $1', [tenantId]))[0]
    ?.count;
const eventsOf = (sub: string) =>
  product.sql(
    `select action, tenant_id, target_id, changes from audit_events where actor_id = $1 and action <> 'user.create' order by id`,
    [sub],
  );

/** A user of the pool who has a profile, and a token. */
async function createReal(): Promise<Person> {
  const email = `d-${randomUUID().slice(0, 8)}@acme.test`;
  const sub = await createDemoUser(product.sdk, { email, displayName: 'Del', isPlatformStaff: false, roles: {} });
  const token = await product.pool.signToken(toUserClaims(product, sub));
  await product.query(token, '{ viewer { profile { id } } }');
  return { sub, email, token };
}

describe('Mutation.deleteMyAccount', () => {
  it('removes profile, memberships and the user at the pool, and keeps the id alone', async () => {
    const tenantId = await addTenant(product);
    await addMember(product, tenantId, 'OWNER');
    const person = await createReal();
    const membershipId = await addMembership(product, person, tenantId, 'MEMBER');

    const { body } = await remove(person);
    expect(body).toEqual({ data: { deleteMyAccount: { userId: person.sub } } });
    expect(await profileOf(person.sub)).toEqual([]);
    expect(await product.sql('select from memberships where user_id = $1', [person.sub])).toEqual([]);
    expect(await countOf(tenantId)).toBe(1);
    const ask = () =>
      product.sdk.send(new AdminGetUserCommand({ UserPoolId: product.pool.poolId, Username: person.email }));
    await expect.poll(() => ask().catch((error) => error), { timeout: 5_000 }).toBeInstanceOf(UserNotFoundException);
    expect(await eventsOf(person.sub)).toEqual([
      {
        action: 'membership.leave',
        tenant_id: tenantId,
        target_id: membershipId,
        changes: { userId: person.sub, role: 'MEMBER' },
      },
      { action: 'user.delete', tenant_id: null, target_id: person.sub, changes: null },
    ]);
  });

  it('removes the invitations of a proven address, wherever they are, and of no other', async () => {
    const owner = await addMember(product, await addTenant(product), 'OWNER');
    const { invited } = createInvitationClient(product);
    const leave = async (proof: string) => {
      const person = await addProven(product);
      const { id } = await invited(owner, person.email);
      await product.sql('update users set email_proof = $2::"EmailProof" where id = $1', [person.sub, proof]);
      await remove(person);
      return (await product.sql('select from invitations where id = $1', [id])).length;
    };
    expect([await leave('CODE'), await leave('NONE')]).toEqual([0, 1]);
  });

  it.each(['MEMBER', 'ADMIN', 'OWNER'] as const)('is open to a user who is %s, beside another owner', async (role) => {
    const tenantId = await addTenant(product);
    await addMember(product, tenantId, 'OWNER');
    const member = await addMember(product, tenantId, role);
    expect(codesOf(await remove(member))).toEqual([]);
  });

  it('is open to a user without a tenant, and to one who is the only owner of what is being deleted', async () => {
    expect(codesOf(await remove(await addUser(product)))).toEqual([]);
    const owner = await addMember(product, await addTenant(product), 'OWNER');
    await product.sql(`update tenants set status = 'DELETING' where id = $1`, [owner.tenantId]);
    expect(codesOf(await remove(owner))).toEqual([]);
  });

  it.each(['ACTIVE', 'SUSPENDED'])('answers CONFLICT to the only owner of a tenant that is %s', async (status) => {
    const owner = await addMember(product, await addTenant(product), 'OWNER');
    await addMember(product, owner.tenantId, 'ADMIN');
    await addMembership(product, owner, await addTenant(product), 'MEMBER');
    await product.sql('update tenants set status = $1::"TenantStatus" where id = $2', [status, owner.tenantId]);
    const answer = await withoutWriting(product, () => remove(owner));
    expect(codesOf(answer)).toEqual(['CONFLICT']);
    expect(answer.text).not.toContain(owner.tenantId);
  });

  it('answers 401 to nobody', async () => {
    const nobody = { token: '', email: 'mia@acme.test' };
    expect((await withoutWriting(product, () => remove(nobody))).status).toBe(401);
  });

  it('answers FORBIDDEN to a machine', async () => {
    const token = await product.pool.signToken(toMachineClaims(product));
    const answer = await withoutWriting(product, () => remove({ token, email: 'mia@acme.test' }));
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });

  it('answers STEP_UP_REQUIRED longer than 15 minutes after the sign-in', async () => {
    const { sub, email } = await addUser(product);
    const auth_time = Math.floor(Date.now() / 1000) - 901;
    const token = await product.pool.signToken(toUserClaims(product, sub, { auth_time }));
    expect(codesOf(await withoutWriting(product, () => remove({ token, email })))).toEqual(['STEP_UP_REQUIRED']);
  });

  it.each(['', 'mia@acme.test', ' '])('answers BAD_USER_INPUT where "%s" is typed', async (typed) => {
    const person = await addUser(product);
    expect(codesOf(await withoutWriting(product, () => remove(person, typed)))).toEqual(['BAD_USER_INPUT']);
  });

  it('takes the address in any case, and the id from who has no address', async () => {
    const person = await addUser(product);
    expect(codesOf(await remove(person, person.email.toUpperCase()))).toEqual([]);
    const nameless = await addUser(product);
    await product.sql(`update users set email = null, email_key = '' where id = $1`, [nameless.sub]);
    expect(codesOf(await remove(nameless, nameless.sub))).toEqual([]);
  });
});

describe('a user who is gone', () => {
  let person: Person;
  beforeEach(async () => {
    person = await createReal();
    // The pool does not know so far.
    await product.sql(`create or replace function hold() returns trigger language plpgsql as
      $$ begin new.next_at := now() + interval '1 hour'; return new; end $$`);
    await product.sql(`create or replace trigger hold before insert on outbox for each row execute function hold()`);
    try {
      await remove(person);
    } finally {
      await product.sql('drop trigger hold on outbox');
    }
  });

  const attributes = () => ({ sub: person.sub, email: person.email, email_verified: 'true' });

  it('is not brought back by his token, though the pool still has him', async () => {
    expect((await product.query(person.token, '{ viewer { sub profile { id } } }')).status).toBe(401);
    expect(await profileOf(person.sub)).toEqual([]);
  });

  it('changes nothing any more', async () => {
    const make = 'mutation { createTenant(input: { name: "Late", slug: "too-late" }) { tenant { id } } }';
    expect(codesOf(await withoutWriting(product, () => product.query(person.token, make)))).toEqual([
      'UNAUTHENTICATED',
    ]);
    expect(codesOf(await withoutWriting(product, () => remove(person)))).toEqual(['UNAUTHENTICATED']);
  });

  it.each([
    ['a refresh right after', () => toEvent(product, 'TokenGeneration_RefreshTokens', attributes(), { version: '2' })],
    ['a replayed confirmation', () => toEvent(product, 'PostConfirmation_ConfirmSignUp', attributes())],
  ])('is not brought back by %s', async (_, event) => {
    const answer = await withoutWriting(product, () => sendEvent(product, event()));
    expect([answer.status, answer.body]).toEqual([422, { code: 'CONFLICT', message: 'This account was deleted.' }]);
  });
});

describe('at the same moment', () => {
  it('two last owners delete themselves: one of them is refused', async () => {
    const rounds = Array.from({ length: ROUNDS }, async () => {
      const tenantId = await addTenant(product);
      const owners = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'OWNER')];
      const answers = await Promise.all(owners.map((owner) => remove(owner)));
      return { codes: answers.flatMap(codesOf), left: await countOf(tenantId) };
    });
    for (const round of await Promise.all(rounds)) expect(round).toEqual({ codes: ['CONFLICT'], left: 1 });
  });

  it('one owner deletes himself and the other steps down: an owner is left', async () => {
    const demote = ({ token, membershipId }: Member) =>
      product.query(
        token,
        'mutation ($id: ID!) { changeMemberRole(input: { membershipId: $id, role: MEMBER }) { membership { id } } }',
        { id: membershipId },
      );
    const rounds = Array.from({ length: ROUNDS }, async () => {
      const tenantId = await addTenant(product);
      const [one, other] = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'OWNER')];
      const answers = await Promise.all([remove(one), demote(other)]);
      const owners = await product.sql(`select from memberships where tenant_id = $1 and role = 'OWNER'`, [tenantId]);
      return { codes: answers.flatMap(codesOf), owners: owners.length };
    });
    for (const round of await Promise.all(rounds)) expect(round).toEqual({ codes: ['CONFLICT'], owners: 1 });
  });

  it('he makes a tenant or takes an invitation: he is there with his place, or gone with all of it', async () => {
    const make = 'mutation ($slug: String!) { createTenant(input: { name: "Race", slug: $slug }) { tenant { id } } }';
    const { invited, accept } = createInvitationClient(product);
    const owner = await addMember(product, await addTenant(product), 'OWNER');
    const REFUSED = ['BAD_USER_INPUT', 'NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'SERVICE_UNAVAILABLE'];
    for (let round = 0; round < ROUNDS; round += 1) {
      const person = await addProven(product);
      const slug = `race-${randomUUID().slice(0, 8)}`;
      const offer = await invited(owner, person.email);
      const join = () => (round % 2 ? product.query(person.token, make, { slug }) : accept(person, offer));
      const [removed, joined] = await Promise.all([remove(person), join()]);
      const codes = [...codesOf(removed), ...codesOf(joined)];
      expect(codes.filter((code) => !REFUSED.includes(code))).toEqual([]);
      const places = await product.sql('select from memberships where user_id = $1', [person.sub]);
      expect(places.length).toBe((await profileOf(person.sub)).length === 0 ? 0 : 1);
    }
  });

  it('a user is deleted and his tokens are made: no profile is left', async () => {
    for (let round = 0; round < 4; round += 1) {
      const person = await createReal();
      const attributes = { sub: person.sub, email: person.email, email_verified: 'true' };
      const event = toEvent(product, 'TokenGeneration_RefreshTokens', attributes, { version: '2' });
      const [answer] = await Promise.all([remove(person), sendEvent(product, event), sendEvent(product, event)]);
      await sendEvent(product, event);
      expect([codesOf(answer), await profileOf(person.sub)]).toEqual([[], []]);
    }
  });
});
