import { randomUUID } from 'node:crypto';
import { ConfirmSignUpCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signIn } from '../../local/seed/pool-users.ts';
import { codesOf } from '../support/answers.ts';
import { createInvitationClient } from '../support/invitations.ts';
import { addMember, addTenant, addUser, type Member, type Person, toMachineClaims } from '../support/people.ts';
import type { Answer, Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { sendEvent, toEvent } from '../support/webhooks.ts';

const PASSWORD = 'Correct-horse-7';
const JOIN = 'mutation { joinByDomain { membership { id role tenantId tenant { memberCount } } } }';
const REMOVE = 'mutation ($id: ID!) { removeTenantDomain(input: { id: $id }) { domain { id } } }';

let product: Product;
let tenantId: string;
let owner: Member;
let domain: string;
let domainId: string;

beforeAll(async () => {
  product = await getSharedProduct();
});

beforeEach(async () => {
  tenantId = await addTenant(product);
  owner = await addMember(product, tenantId, 'OWNER');
  domain = `d-${randomUUID().slice(0, 8)}.example`;
  domainId = await addDomain(tenantId, domain);
  await setTenant(`join_by_domain = true`);
});

async function addDomain(ofTenant: string, name: string, verifiedAt: Date | null = new Date()): Promise<string> {
  const id = randomUUID();
  await product.sql(
    'insert into tenant_domains (tenant_id, id, domain, challenge, verified_at) values ($1, $2, $3, $3, $4)',
    [ofTenant, id, name, verifiedAt],
  );
  return id;
}

const setTenant = (assignment: string) => product.sql(`update tenants set ${assignment} where id = $1`, [tenantId]);
const toAddress = (at = domain) => `u-${randomUUID().slice(0, 8)}@${at}`;

async function addConfirmed(email = toAddress(), proof = 'CODE'): Promise<Person> {
  const person = await addUser(product, email);
  await product.sql('update users set email_proof = $2::"EmailProof" where id = $1', [person.sub, proof]);
  return person;
}

const join = ({ token }: { readonly token: string | null }) => product.query(token, JOIN);
const placesOf = (sub: string) =>
  product.sql('select tenant_id as "tenantId", role from memberships where user_id = $1', [sub]);
const memberCount = async () => {
  const [row] = await product.sql<{ kept: number; counted: number }>(
    `select member_count as kept, (select count(*)::int from memberships where tenant_id = $1) as counted
     from tenants where id = $1`,
    [tenantId],
  );
  expect(row?.kept).toBe(row?.counted);
  return row?.kept;
};

async function refused(code: string, act: () => Promise<Answer>): Promise<Answer> {
  const answer = await withoutWriting(product, act);
  expect(codesOf(answer)).toEqual([code]);
  return answer;
}

describe('Mutation.joinByDomain', () => {
  it('makes whoever confirmed an address in the domain a member, and audits by which', async () => {
    const person = await addConfirmed();
    const { membership } = (await join(person)).body.data.joinByDomain;
    expect(membership).toMatchObject({ role: 'MEMBER', tenantId, tenant: { memberCount: 2 } });
    const events = await product.sql(
      'select action, actor_id, target_id, changes from audit_events where tenant_id = $1 order by id',
      [tenantId],
    );
    expect(events).toMatchObject([
      { action: 'membership.join', actor_id: person.sub, target_id: membership.id },
      { action: 'domain.join', actor_id: person.sub, target_id: domainId, changes: { membershipId: membership.id } },
    ]);
  });

  it('leaves whoever is a member what he is', async () => {
    const admin = await addMember(product, tenantId, 'ADMIN', toAddress());
    await product.sql(`update users set email_proof = 'CODE' where id = $1`, [admin.sub]);
    const { body } = await withoutWriting(product, () => join(admin));
    expect(body.data.joinByDomain.membership).toMatchObject({ id: admin.membershipId, role: 'ADMIN' });
  });

  it('takes the domain in whatever case the address has it', async () => {
    expect(codesOf(await join(await addConfirmed(toAddress(domain.toUpperCase()))))).toEqual([]);
  });

  it('answers UNAUTHENTICATED without a token', async () => {
    await refused('UNAUTHENTICATED', () => join({ token: null }));
  });

  it('answers FORBIDDEN to a machine', async () => {
    const token = await product.pool.signToken(toMachineClaims(product, { tenant_id: tenantId }));
    await refused('FORBIDDEN', () => join({ token }));
  });

  it.each(['NONE', 'DOMAIN', 'IDP'])(
    'answers FORBIDDEN to an address of proof %s, and says what it takes',
    async (proof) => {
      const person = await addConfirmed(toAddress(), proof);
      const { body } = await refused('FORBIDDEN', () => join(person));
      expect(body.errors[0].message).toContain('confirmed by a code');
    },
  );

  it.each<[string, () => Promise<unknown>]>([
    ['is not verified', () => product.sql('update tenant_domains set verified_at = null where id = $1', [domainId])],
    ['was given up', () => product.query(owner.token, REMOVE, { id: domainId })],
    ['no policy opens', () => setTenant('join_by_domain = false')],
    ['is a suspended tenant’s', () => setTenant(`status = 'SUSPENDED'`)],
    [
      'is that of a tenant being deleted',
      () => setTenant(`status = 'DELETING', purge_after = now() + interval '1 hour'`),
    ],
  ])('answers NOT_FOUND where the domain %s, as where nobody has it', async (_, change) => {
    const stranger = await addConfirmed(toAddress('nobody.example'));
    const person = await addConfirmed();
    await change();
    const fixed = { 'x-request-id': 'fixed' };
    const answers = await withoutWriting(product, () =>
      Promise.all([person, stranger].map(({ token }) => product.query(token, JOIN, {}, fixed))),
    );
    expect(answers.map(codesOf)).toEqual([['NOT_FOUND'], ['NOT_FOUND']]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it.each([
    ['below it', () => `mail.${domain}`],
    ['that ends in it', () => `x${domain}`],
    ['that begins with it', () => `${domain}.evil.example`],
  ])('answers NOT_FOUND to an address in a domain %s', async (_, at) => {
    const person = await addConfirmed(toAddress(at()));
    await refused('NOT_FOUND', () => join(person));
  });

  it('opens the tenant that verified the domain, not one that says it is its own', async () => {
    const claimant = await addTenant(product);
    await addDomain(claimant, domain, null);
    await product.sql('update tenants set join_by_domain = true where id = $1', [claimant]);
    const person = await addConfirmed();
    await join(person);
    expect(await placesOf(person.sub)).toEqual([{ tenantId, role: 'MEMBER' }]);
  });

  it('answers CONFLICT where the tenant is full', async () => {
    await setTenant('member_limit = 1');
    const person = await addConfirmed();
    await refused('CONFLICT', () => join(person));
  });
});

describe('many who join at once', () => {
  it('are one member each, however often each asks', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => addConfirmed()));
    const answers = await Promise.all([...people, ...people, ...people].map(join));
    const ids = answers.map(({ body }) => body.data.joinByDomain.membership.id);
    expect(new Set(ids).size).toBe(4);
    expect(await memberCount()).toBe(5);
  });

  it('are no more than the tenant may have', async () => {
    await setTenant('member_limit = 4');
    const people = await Promise.all(Array.from({ length: 8 }, () => addConfirmed()));
    const codes = (await Promise.all(people.map(join))).map(codesOf);
    expect(codes.filter((code) => code.length === 0)).toHaveLength(3);
    expect(codes.flat()).toEqual(Array(5).fill('CONFLICT'));
    expect(await memberCount()).toBe(4);
  });

  it('while the domain is given up have joined before it, or not at all', async () => {
    for (let round = 0; round < 6; round += 1) {
      const id = await addDomain(tenantId, `r${round}-${domain}`);
      const [person, late] = [
        await addConfirmed(toAddress(`r${round}-${domain}`)),
        await addConfirmed(toAddress(`r${round}-${domain}`)),
      ];
      const [joined] = await Promise.all([join(person), product.query(owner.token, REMOVE, { id })]);
      const codes = codesOf(joined);
      expect(codes).toEqual(codes.length === 0 ? [] : ['NOT_FOUND']);
      expect(await placesOf(person.sub)).toHaveLength(codes.length === 0 ? 1 : 0);
      await refused('NOT_FOUND', () => join(late));
    }
    await memberCount();
  });
});

describe('signing up in an open domain, where sign-up is closed', () => {
  const user = (Username: string) => ({ ClientId: product.pool.clientId, Username, Password: PASSWORD });

  async function signUp(email: string, secret?: string): Promise<string> {
    const UserAttributes = [{ Name: 'email', Value: email }];
    const { UserSub } = await product.sdk.send(new SignUpCommand({ ...user(email), UserAttributes }));
    const [mail] = product.pool.mailbox.list(email);
    const code = { ClientId: product.pool.clientId, Username: email, ConfirmationCode: mail?.code ?? '' };
    const ClientMetadata = secret === undefined ? {} : { ClientMetadata: { invitation_secret: secret } };
    await product.sdk.send(new ConfirmSignUpCommand({ ...code, ...ClientMetadata }));
    return UserSub ?? '';
  }

  it('makes a member once the code has come back, whose first token speaks for the tenant', async () => {
    const email = toAddress();
    const sub = await signUp(email);
    expect(await placesOf(sub)).toEqual([{ tenantId, role: 'MEMBER' }]);
    expect(await memberCount()).toBe(2);
    const { body } = await product.query(await signIn(product.sdk, email, PASSWORD), '{ viewer { tenantId groups } }');
    expect(body.data.viewer).toEqual({ tenantId, groups: ['Users', 'TenantMembers'] });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['is not verified', () => product.sql('update tenant_domains set verified_at = null where id = $1', [domainId])],
    ['no policy opens', () => setTenant('join_by_domain = false')],
    ['is a suspended tenant’s', () => setTenant(`status = 'SUSPENDED'`)],
  ])('is refused where the domain %s', async (_, change) => {
    await change();
    await expect(signUp(toAddress())).rejects.toThrow(`Sign-up is not open to addresses at ${domain}.`);
  });

  it('confirms also whom the tenant has no room for', async () => {
    await setTenant('member_limit = 1');
    const email = toAddress();
    expect(await placesOf(await signUp(email))).toEqual([]);
    const token = await signIn(product.sdk, email, PASSWORD);
    await refused('CONFLICT', () => join({ token }));
  });

  it('with an invitation gives the role that the invitation gives', async () => {
    const email = toAddress();
    const { secret } = await createInvitationClient(product).invited(owner, email, 'ADMIN');
    expect(await placesOf(await signUp(email, secret))).toEqual([{ tenantId, role: 'ADMIN' }]);
  });

  it('is not done again by a call that comes late: who was removed since stays so', async () => {
    const email = toAddress();
    const sub = await signUp(email);
    await product.sql('delete from memberships where user_id = $1', [sub]);
    const attributes = { sub, email, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' };
    const request = { userAttributes: attributes };
    const event = toEvent(product, 'PostConfirmation_ConfirmSignUp', attributes, { userName: sub, request });
    expect((await sendEvent(product, event)).status).toBe(200);
    expect(await placesOf(sub)).toEqual([]);
  });
});
