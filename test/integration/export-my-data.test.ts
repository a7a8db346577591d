import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addProven, createInvitationClient } from '../support/invitations.ts';
import { addMember, addMembership, addTenant, addUser, type Person, toMachineClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';

const EXPORT = 'mutation { exportMyData { data } }';
const RENAME = 'mutation { updateProfile(input: { displayName: "Pat" }) { user { id } } }';

let product: Product;

beforeAll(async () => {
  product = await getSharedProduct();
});

const exportAs = async ({ token }: Pick<Person, 'token'>) =>
  (await product.query(token, EXPORT)).body.data.exportMyData.data;
const addEvents = (actor: string, count: number) =>
  product.sql(
    `insert into audit_events (id, action, actor_id, actor_kind, target_type, target_id)
     select gen_random_uuid(), 'test', $1, 'USER', 'Test', n::text from generate_series(1, $2::int) n`,
    [actor, count],
  );

describe('Mutation.exportMyData', () => {
  it('gives the caller his profile, his places and what he did', async () => {
    const person = await addUser(product);
    const tenantId = await addTenant(product);
    const membershipId = await addMembership(product, person, tenantId, 'ADMIN');
    await product.query(person.token, RENAME);

    const data = await exportAs(person);
    expect(data.profile).toMatchObject({ id: person.sub, email: person.email, displayName: 'Pat', disabledAt: null });
    expect(data.memberships).toEqual([
      {
        id: membershipId,
        tenantId,
        tenantSlug: expect.any(String),
        tenantName: expect.any(String),
        role: 'ADMIN',
        joinedAt: expect.stringMatching(/Z$/),
      },
    ]);
    expect(data.auditEvents.map(({ action }: { action: string }) => action)).toEqual(['user.export', 'user.update']);
    expect(data.isComplete).toBe(true);
  });

  it('keeps that it was asked for', async () => {
    const person = await addUser(product);
    await exportAs(person);
    expect(await product.sql('select action, target_id from audit_events where actor_id = $1', [person.sub])).toEqual([
      { action: 'user.export', target_id: person.sub },
    ]);
  });

  it('holds nothing of anybody else', async () => {
    const tenantId = await addTenant(product);
    const person = await addMember(product, tenantId, 'MEMBER');
    const shared = await addMember(product, tenantId, 'MEMBER');
    const slug = `t-${randomUUID().slice(0, 8)}`;
    await addMembership(product, shared, await addTenant(product, slug), 'MEMBER');
    await product.query(shared.token, RENAME);
    const text = JSON.stringify(await exportAs(person));
    expect(text).toContain(person.sub);
    expect(text).not.toContain(shared.sub);
    expect(text).not.toContain(slug);
  });

  it('tells of the invitations of a proven address, without a secret, and of nobody else’s', async () => {
    const [person, other] = [await addProven(product), await addProven(product)];
    const owner = await addMember(product, await addTenant(product), 'OWNER');
    const { invited } = createInvitationClient(product);
    const [offer] = [await invited(owner, person.email), await invited(owner, other.email)];
    const data = await exportAs(person);
    expect(data.invitations).toMatchObject([
      { id: offer.id, tenantId: owner.tenantId, email: person.email, status: 'PENDING' },
    ]);
    expect(JSON.stringify(data)).not.toMatch(/secret/i);
    await product.sql(`update users set email_proof = 'NONE' where id = $1`, [person.sub]);
    expect((await exportAs(person)).invitations).toEqual([]);
  });

  it('is complete over many pages, and says where it is not', async () => {
    const person = await addUser(product);
    await addEvents(person.sub, 1_700);
    const whole = await exportAs(person);
    expect([whole.auditEvents.length, whole.isComplete]).toEqual([1_701, true]);
    expect(new Set(whole.auditEvents.map(({ id }: { id: string }) => id)).size).toBe(1_701);

    await addEvents(person.sub, 9_000);
    const cut = await exportAs(person);
    expect([cut.auditEvents.length, cut.isComplete]).toEqual([10_000, false]);
  });

  it('answers 401 to nobody', async () => {
    expect((await withoutWriting(product, () => product.query(null, EXPORT))).status).toBe(401);
  });

  it('answers FORBIDDEN to a machine', async () => {
    const token = await product.pool.signToken(toMachineClaims(product));
    expect(codesOf(await withoutWriting(product, () => product.query(token, EXPORT)))).toEqual(['FORBIDDEN']);
  });

  it('answers NOT_FOUND to who has no profile', async () => {
    const { sub, token } = await addUser(product);
    await product.sql('delete from users where id = $1', [sub]);
    expect(codesOf(await withoutWriting(product, () => product.query(token, EXPORT)))).toEqual(['NOT_FOUND']);
  });
});
