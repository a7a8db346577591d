import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import {
  addProven,
  createInvitationClient,
  expire,
  type InvitationClient,
  type Invited,
  toInvited,
} from '../support/invitations.ts';
import {
  addMember,
  addMembership,
  addTenant,
  addUser,
  type Member,
  type Person,
  toMachineClaims,
} from '../support/people.ts';
import { type Answer, type Product, startProduct } from '../support/product.ts';
import { withoutWriting } from '../support/tables.ts';
import { captureLog } from '../support/transcript.ts';

const TRIES = 10;
/** As pino numbers it. */
const INFO = 30;
const { log, lines } = captureLog('info');

let product: Product;
let client: InvitationClient;
let tenantId: string;
let owner: Member;
let admin: Member;
let guest: Person;

beforeAll(async () => {
  product = await startProduct({ app: { log } });
  client = createInvitationClient(product);
});
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(async () => {
  tenantId = await addTenant(product);
  [owner, admin, guest] = [
    await addMember(product, tenantId, 'OWNER'),
    await addMember(product, tenantId, 'ADMIN'),
    await addProven(product),
  ];
});

const statusOf = async ({ id }: Invited) =>
  (await product.sql<{ status: string }>('select status from invitations where id = $1', [id]))[0]?.status;
const membersOf = () =>
  product.sql('select user_id, role from memberships where tenant_id = $1 order by id', [tenantId]);
const countOf = async () =>
  (await product.sql<{ member_count: number }>('select member_count from tenants where id = $1', [tenantId]))[0]
    ?.member_count;
const auditOf = () =>
  product.sql('select action, actor_id, changes from audit_events where tenant_id = $1 order by id', [tenantId]);
const demote = ({ membershipId }: Member, role: string) =>
  product.sql('update memberships set role = $2::"MembershipRole" where id = $1', [membershipId, role]);

describe('Mutation.acceptInvitation', () => {
  it('makes the invited a member in the role that was offered', async () => {
    const invited = await client.invited(owner, guest.email, 'ADMIN');
    const { body } = await client.accept(guest, invited);
    expect(body.data.acceptInvitation.membership).toEqual({
      id: expect.any(String),
      role: 'ADMIN',
      tenantId,
      tenant: { id: tenantId, memberCount: 3 },
      user: { email: guest.email },
    });
    expect([await membersOf(), await countOf()]).toMatchObject([
      { length: 3, 2: { user_id: guest.sub, role: 'ADMIN' } },
      3,
    ]);
    expect(await statusOf(invited)).toBe('ACCEPTED');
  });

  it('writes who joined by which invitation, and nothing of the secret', async () => {
    const invited = await client.invited(owner, guest.email);
    const { id } = (await client.accept(guest, invited)).body.data.acceptInvitation.membership;
    expect((await auditOf()).slice(1)).toEqual([
      { action: 'membership.join', actor_id: guest.sub, changes: { userId: guest.sub, role: 'MEMBER' } },
      { action: 'invitation.accept', actor_id: guest.sub, changes: { membershipId: id } },
    ]);
  });

  it('lets the next token speak for the tenant, by a refresh that names it', async () => {
    await client.accept(guest, await client.invited(owner, guest.email));
    const rows = await product.sql('select default_tenant_id from users where id = $1', [guest.sub]);
    expect(rows).toEqual([{ default_tenant_id: null }]);
  });

  it('knows the address in any case of letters', async () => {
    const invited = await client.invited(owner, guest.email.toUpperCase());
    expect(codesOf(await client.accept(guest, invited))).toEqual([]);
  });

  it('takes the word of an identity provider for the address', async () => {
    await product.sql(`update users set email_proof = 'IDP' where id = $1`, [guest.sub]);
    expect(codesOf(await client.accept(guest, await client.invited(owner, guest.email)))).toEqual([]);
  });

  it('takes an inviter who is less by now, as long as he is what he offered', async () => {
    const invited = await client.invited(owner, guest.email, 'ADMIN');
    await demote(owner, 'ADMIN');
    expect(codesOf(await client.accept(guest, invited))).toEqual([]);
  });

  it.each(['MEMBER', 'ADMIN'])('uses an invitation up for a member, who stays what he is: %s', async (offered) => {
    const invited = await client.invited(owner, guest.email, offered);
    const membershipId = await addMembership(product, guest, tenantId, 'MEMBER');
    const { body } = await client.accept(guest, invited);
    expect(body.data.acceptInvitation.membership).toMatchObject({ id: membershipId, role: 'MEMBER' });
    expect([await statusOf(invited), await countOf()]).toEqual(['ACCEPTED', 3]);
  });

  it("moves nobody from a tenant: the user's other places and default stay", async () => {
    const other = await addTenant(product);
    await addMembership(product, guest, other, 'OWNER');
    await product.sql('update users set default_tenant_id = $2 where id = $1', [guest.sub, other]);
    await client.accept(guest, await client.invited(owner, guest.email));
    const rows = await product.sql(
      'select default_tenant_id, (select count(*)::int from memberships m where m.user_id = u.id) as places from users u where id = $1',
      [guest.sub],
    );
    expect(rows).toEqual([{ default_tenant_id: other, places: 2 }]);
  });

  it('answers CONFLICT where the tenant is full by now, and keeps the invitation', async () => {
    const invited = await client.invited(owner, guest.email);
    await product.sql('update tenants set member_limit = 2 where id = $1', [tenantId]);
    const answer = await withoutWriting(product, () => client.accept(guest, invited));
    expect(codesOf(answer)).toEqual(['CONFLICT']);
  });

  it('answers TENANT_SUSPENDED where the tenant is suspended, and keeps the invitation', async () => {
    const invited = await client.invited(owner, guest.email);
    await product.sql(`update tenants set status = 'SUSPENDED' where id = $1`, [tenantId]);
    expect(codesOf(await withoutWriting(product, () => client.accept(guest, invited)))).toEqual(['TENANT_SUSPENDED']);
  });
});

describe('Mutation.declineInvitation', () => {
  it('turns an invitation down, so that it opens nothing', async () => {
    const invited = await client.invited(owner, guest.email);
    expect((await client.decline(guest, invited)).body.data.declineInvitation).toEqual({ declined: true });
    expect((await auditOf()).at(-1)).toEqual({ action: 'invitation.decline', actor_id: guest.sub, changes: null });
    expect(codesOf(await client.accept(guest, invited))).toEqual(['NOT_FOUND']);
    expect([await statusOf(invited), await countOf()]).toEqual(['DECLINED', 2]);
  });
});

const BOTH: [
  string,
  (actor: { token: string | null }, secret: string, headers?: Record<string, string>) => Promise<Answer>,
][] = [
  ['acceptInvitation', (actor, secret, headers) => client.accept(actor, { secret }, headers)],
  ['declineInvitation', (actor, secret, headers) => client.decline(actor, { secret }, headers)],
];

/** Each gives a secret that is not good, and whoever tries it. */
const BAD: [string, () => Promise<{ readonly secret: string; readonly by?: Person }>][] = [
  ['empty', async () => ({ secret: '' })],
  ['no secret at all', async () => ({ secret: `' or true --` })],
  ['a secret of no tenant', async () => ({ secret: `inv_${'A'.repeat(64)}` })],
  ['a megabyte', async () => ({ secret: 'inv_'.repeat(10_000) })],
  ['unknown', async () => ({ secret: flip((await client.invited(owner, guest.email)).secret, 60) })],
  ['of a tenant that is not', async () => ({ secret: flip((await client.invited(owner, guest.email)).secret, 10) })],
  ['cut short', async () => ({ secret: (await client.invited(owner, guest.email)).secret.slice(0, -1) })],
  ['with more behind it', async () => ({ secret: `${(await client.invited(owner, guest.email)).secret}A` })],
  ['in another case', async () => ({ secret: (await client.invited(owner, guest.email)).secret.toUpperCase() })],
  [
    'used',
    async () => {
      const invited = await client.invited(owner, guest.email);
      await client.accept(guest, invited);
      return invited;
    },
  ],
  [
    'declined',
    async () => {
      const invited = await client.invited(owner, guest.email);
      await client.decline(guest, invited);
      return invited;
    },
  ],
  [
    'revoked',
    async () => {
      const invited = await client.invited(owner, guest.email);
      await client.revoke(owner, invited);
      return invited;
    },
  ],
  [
    'sent again since',
    async () => {
      const invited = await client.invited(owner, guest.email);
      await client.resend(owner, invited);
      return invited;
    },
  ],
  [
    'expired',
    async () => {
      const invited = await client.invited(owner, guest.email);
      await expire(product, invited);
      return invited;
    },
  ],
  ["another's", async () => ({ ...(await client.invited(owner, guest.email)), by: await addProven(product) })],
  [
    'of an address that only looks alike',
    async () => {
      const by = await addProven(product, `\u212aate-${randomUUID().slice(0, 8)}@guest.test`);
      return { ...(await client.invited(owner, by.email.replace('\u212a', 'k'))), by };
    },
  ],
  [
    'made to an address that nothing proves',
    async () => {
      const by = await addUser(product);
      return { ...(await client.invited(owner, by.email)), by };
    },
  ],
  [
    'made to an address that only its domain speaks for',
    async () => {
      await product.sql(`update users set email_proof = 'DOMAIN' where id = $1`, [guest.sub]);
      return client.invited(owner, guest.email);
    },
  ],
  [
    'made to an address the caller has no more',
    async () => {
      const invited = await client.invited(owner, guest.email);
      await product.sql(`update users set email = 'new-' || email where id = $1`, [guest.sub]);
      return invited;
    },
  ],
  [
    'of somebody who has left',
    async () => {
      const invited = await client.invited(admin, guest.email);
      await product.sql('delete from memberships where id = $1', [admin.membershipId]);
      return invited;
    },
  ],
  [
    'to more than whoever invited is by now',
    async () => {
      const invited = await client.invited(admin, guest.email, 'ADMIN');
      await demote(admin, 'MEMBER');
      return invited;
    },
  ],
  [
    'of a suspended tenant, and of no use',
    async () => {
      const { secret } = await client.invited(owner, guest.email);
      await product.sql(`update tenants set status = 'SUSPENDED' where id = $1`, [tenantId]);
      return { secret: flip(secret, 60) };
    },
  ],
];

/** The same text with another letter at one place. */
function flip(text: string, at: number): string {
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}

const seen = ({ status, text, headers }: Answer) => {
  const kept = [...headers].filter(([name]) => !['date', 'keep-alive', 'connection'].includes(name));
  return JSON.stringify([status, text, kept]);
};

describe.each(BOTH)('Mutation.%s', (_, act) => {
  it.each(BAD)(
    'answers a secret that is %s like every other that is not good, and does nothing',
    async (_what, make) => {
      const headers = { 'x-request-id': randomUUID() };
      const { secret, by = guest } = await make();
      const answer = await withoutWriting(product, () => act(by, secret, headers));
      const unknown = await act(await addProven(product), 'never made', headers);
      expect(codesOf(answer)).toEqual(['NOT_FOUND']);
      expect(seen(answer)).toBe(seen(unknown));
    },
  );

  it('says why to the log alone, and at one level', async () => {
    const invited = await client.invited(owner, guest.email);
    const other = await addProven(product);
    const from = lines.length;
    await act(other, invited.secret);
    await act(other, 'never made');
    const refused = lines
      .slice(from)
      .map((line) => JSON.parse(line))
      .filter(({ msg }) => msg === 'refused');
    expect(refused.map(({ level, reason }) => [level, reason])).toEqual([
      [INFO, `invitation ${invited.id}: made to another address`],
      [INFO, 'invitation: no such secret'],
    ]);
  });

  it('answers 401 to nobody', async () => {
    const { secret } = await client.invited(owner, guest.email);
    expect((await withoutWriting(product, () => act({ token: null }, secret))).status).toBe(401);
  });

  it('answers FORBIDDEN to a machine', async () => {
    const { secret } = await client.invited(owner, guest.email);
    const token = await product.pool.signToken(toMachineClaims(product, { tenant_id: tenantId }));
    expect(codesOf(await withoutWriting(product, () => act({ token }, secret)))).toEqual(['FORBIDDEN']);
  });

  it('refuses further tries of whoever tried ten in vain, and names the wait', async () => {
    const { secret } = await client.invited(owner, guest.email);
    for (let count = 0; count < TRIES; count += 1)
      expect(codesOf(await act(guest, `no. ${count}`))).toEqual(['NOT_FOUND']);
    const answer = await withoutWriting(product, () => act(guest, secret));
    expect([answer.status, codesOf(answer)]).toEqual([429, ['RATE_LIMITED']]);
    expect(answer.headers.get('retry-after')).toMatch(/^([1-9]|[1-5]\d|60)$/);
    expect(codesOf(await act(await addProven(product), 'another guest'))).toEqual(['NOT_FOUND']);
  });
});

describe('a secret', () => {
  it('is tried ten times by one document of many fields, be they good or not', async () => {
    const fields = Array.from(
      { length: 15 },
      (_, at) => `a${at}: declineInvitation(input: { secret: "no" }) { declined }`,
    );
    const codes = codesOf(await product.query(guest.token, `mutation { ${fields.join(' ')} }`));
    expect(codes).toEqual([...Array(TRIES).fill('NOT_FOUND'), ...Array(5).fill('RATE_LIMITED')]);
  });

  it('that is good is not counted', async () => {
    for (let count = 0; count < TRIES + 2; count += 1) {
      const invited = await client.invited(owner, guest.email);
      expect(codesOf(await client.decline(guest, invited))).toEqual([]);
    }
  });

  it('stands in no line of the log and in no row of the database', async () => {
    const from = lines.length;
    const invited = await client.invited(owner, guest.email);
    const again = toInvited(await client.resend(owner, invited));
    await client.accept(guest, invited);
    await client.accept(guest, again);
    const tables = await product.sql<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );
    const rows = await Promise.all(
      tables.map(({ name }) => product.sql<{ all: string }>(`select t::text as all from ${name} t`)),
    );
    const texts = [...lines.slice(from), ...rows.flat().map(({ all }) => all)];
    for (const { secret } of [invited, again])
      expect(texts.filter((text) => text.includes(secret.slice(4)))).toEqual([]);
  });
});
