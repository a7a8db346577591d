import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, served } from '../support/answers.ts';
import { addProven, createInvitationClient, type InvitationClient, type Invited } from '../support/invitations.ts';
import { addMember, addTenant, type Member, type Person } from '../support/people.ts';
import { type Answer, type Product, startProduct } from '../support/product.ts';

const ROUNDS = 6;
const TRIES = 50;

let product: Product;
let client: InvitationClient;

beforeAll(async () => {
  product = await startProduct({
    app: {
      rateLimits: { callerPerMinute: null, addressPerMinute: null, secretTriesPerMinute: 1_000, store: 'memory' },
    },
  });
  client = createInvitationClient(product);
});
afterAll(() => product[Symbol.asyncDispose]());

type Scene = { readonly owner: Member; readonly admin: Member; readonly guest: Person; readonly invited: Invited };

/** A tenant whose admin has invited somebody to be one, too. */
async function setScene(): Promise<Scene> {
  const tenantId = await addTenant(product);
  const [owner, admin] = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'ADMIN')];
  const guest = await addProven(product);
  return { owner, admin, guest, invited: await client.invited(admin, guest.email, 'ADMIN') };
}

/** What the tenant is left with: what became of the invitation, the guest's place, and whether the count is right. */
async function outcomeOf({ owner, guest, invited }: Scene) {
  const [row] = await product.sql<{ status: string; places: number; joins: number; isCounted: boolean }>(
    `select i.status,
       (select count(*)::int from memberships m where m.tenant_id = i.tenant_id and m.user_id = $2) as places,
       (select count(*)::int from audit_events e where e.tenant_id = i.tenant_id and e.action = 'membership.join') as joins,
       t.member_count = (select count(*) from memberships m where m.tenant_id = i.tenant_id) as "isCounted"
     from invitations i join tenants t on t.id = i.tenant_id where i.tenant_id = $1 and i.id = $3`,
    [owner.tenantId, guest.sub, invited.id],
  );
  if (row === undefined) throw new Error('the invitation is gone');
  return row;
}

/** Accepting meets another change in many tenants at once. Gives each tenant's answer to accepting, and what is left. */
async function race(meet: (scene: Scene) => Promise<Answer>) {
  const scenes = await Promise.all(Array.from({ length: ROUNDS }, setScene));
  return Promise.all(
    scenes.map(async (scene) => {
      const [accepted, met] = await Promise.all([
        served(() => client.accept(scene.guest, scene.invited)),
        served(() => meet(scene)),
      ]);
      return { accepted: codesOf(accepted), met: codesOf(met), left: await outcomeOf(scene) };
    }),
  );
}

const JOINED = { places: 1, joins: 1, isCounted: true };
const STAYED_OUT = { places: 0, joins: 0, isCounted: true };

describe('an invitation', () => {
  it(`is accepted once of ${TRIES} tries at the same moment`, async () => {
    const scene = await setScene();
    const tries = Array.from({ length: TRIES }, () => served(() => client.accept(scene.guest, scene.invited)));
    expect((await Promise.all(tries)).flatMap(codesOf)).toEqual(Array(TRIES - 1).fill('NOT_FOUND'));
    expect(await outcomeOf(scene)).toEqual({ status: 'ACCEPTED', ...JOINED });
  });

  it('is accepted or declined, never both', async () => {
    for (const { accepted, met, left } of await race(({ guest, invited }) => client.decline(guest, invited))) {
      expect([...accepted, ...met]).toEqual(['NOT_FOUND']);
      expect(left).toEqual(
        accepted.length === 0 ? { status: 'ACCEPTED', ...JOINED } : { status: 'DECLINED', ...STAYED_OUT },
      );
    }
  });

  it('is accepted or revoked, never both', async () => {
    for (const { accepted, met, left } of await race(({ owner, invited }) => client.revoke(owner, invited))) {
      if (accepted.length === 0) expect([met, left]).toEqual([['CONFLICT'], { status: 'ACCEPTED', ...JOINED }]);
      else expect([accepted, met, left]).toEqual([['NOT_FOUND'], [], { status: 'REVOKED', ...STAYED_OUT }]);
    }
  });

  it('is accepted by the old secret or sent again, never both', async () => {
    for (const { accepted, met, left } of await race(({ owner, invited }) => client.resend(owner, invited))) {
      if (accepted.length === 0) expect([met, left]).toEqual([['CONFLICT'], { status: 'ACCEPTED', ...JOINED }]);
      else expect([accepted, met, left]).toEqual([['NOT_FOUND'], [], { status: 'PENDING', ...STAYED_OUT }]);
    }
  });

  it.each([
    ['removed', 'mutation ($id: ID!) { removeMember(input: { membershipId: $id }) { membership { id } } }'],
    [
      'made a member',
      'mutation ($id: ID!) { changeMemberRole(input: { membershipId: $id, role: MEMBER }) { membership { id } } }',
    ],
  ])('is accepted before its inviter is %s, or not at all', async (_, change) => {
    const outcomes = await race(({ owner, admin }) => product.query(owner.token, change, { id: admin.membershipId }));
    for (const { accepted, met, left } of outcomes) {
      expect(met).toEqual([]);
      if (accepted.length === 0) expect(left).toEqual({ status: 'ACCEPTED', ...JOINED });
      else expect([accepted, left]).toEqual([['NOT_FOUND'], { status: 'PENDING', ...STAYED_OUT }]);
    }
  });

  it('of many to a tenant with room for one more is accepted by one', async () => {
    const { owner } = await setScene();
    const guests = await Promise.all(Array.from({ length: ROUNDS }, () => addProven(product)));
    const invited = await Promise.all(guests.map(({ email }) => client.invited(owner, email)));
    await product.sql('update tenants set member_limit = 3 where id = $1', [owner.tenantId]);
    const tries = guests.map((guest, at) => served(() => client.accept(guest, invited[at] ?? { secret: '' })));
    const answers = await Promise.all(tries);
    expect(answers.flatMap(codesOf)).toEqual(Array(ROUNDS - 1).fill('CONFLICT'));
  });
});
