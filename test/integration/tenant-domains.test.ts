import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, type Member, toMachineClaims } from '../support/people.ts';
import { type Answer, type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { changeUnheard } from '../support/unheard.ts';

const DOMAIN = 'domain { id tenantId domain verifiedAt recordName recordValue }';
const MUTATIONS = {
  addTenantDomain: `mutation ($input: AddTenantDomainInput!) { addTenantDomain(input: $input) { ${DOMAIN} } }`,
  verifyTenantDomain: `mutation ($input: VerifyTenantDomainInput!) { verifyTenantDomain(input: $input) { ${DOMAIN} } }`,
  removeTenantDomain: `mutation ($input: RemoveTenantDomainInput!) { removeTenantDomain(input: $input) { ${DOMAIN} } }`,
};

type Name = keyof typeof MUTATIONS;
type Domain = {
  readonly id: string;
  readonly domain: string;
  readonly recordName: string;
  readonly recordValue: string;
};

/** What DNS says: TXT records by name; null where it does not answer. */
const dns = new Map<string, readonly string[] | null>();

let product: Product;
let tenantId: string;
let owner: Member;

beforeAll(async () => {
  const resolveTxt = async (name: string) => {
    const records = dns.get(name) ?? (dns.has(name) ? null : []);
    if (records === null) throw new Error('queryTxt ESERVFAIL');
    return records;
  };
  product = await startBeside(await getSharedProduct(), { overrides: { resolveTxt } });
});
afterAll(() => product[Symbol.asyncDispose]());

beforeEach(async () => {
  tenantId = await addTenant(product);
  owner = await addMember(product, tenantId, 'OWNER');
});

const ask = (token: string | null, name: Name, input: object, headers?: Record<string, string>) =>
  product.query(token, MUTATIONS[name], { input }, headers);
const freshDomain = () => `d-${randomUUID().slice(0, 8)}.example`;

async function add(domain = freshDomain(), { token } = owner): Promise<Domain> {
  return (await ask(token, 'addTenantDomain', { domain })).body.data.addTenantDomain.domain;
}
const publish = ({ recordName, recordValue }: Domain) => dns.set(recordName, ['v=spf1 -all', recordValue]);
const verify = ({ id }: Domain, { token } = owner) => ask(token, 'verifyTenantDomain', { id });
const remove = ({ id }: Domain, { token } = owner) => ask(token, 'removeTenantDomain', { id });

async function refused(code: string, act: () => Promise<Answer>): Promise<string> {
  const answer = await withoutWriting(product, act);
  expect(codesOf(answer)).toEqual([code]);
  return answer.body.errors[0].message;
}

const eventsOf = async () =>
  (
    await product.sql<{ action: string; changes: object }>(
      'select action, changes from audit_events where tenant_id = $1 order by id',
      [tenantId],
    )
  ).map(({ action, changes }) => [action, changes]);

describe('Mutation.addTenantDomain', () => {
  it('answers the domain with the record to publish, and audits it', async () => {
    const added = await add(' ACME-Corp.Example. ');
    expect(added).toMatchObject({
      tenantId,
      domain: 'acme-corp.example',
      verifiedAt: null,
      recordName: '_tenantry-challenge.acme-corp.example',
      recordValue: expect.stringMatching(/^tenantry-domain-verification=[\w-]{43}$/),
    });
    expect(await eventsOf()).toEqual([['domain.add', { domain: 'acme-corp.example' }]]);
  });

  it('answers one that is there already as it is', async () => {
    const added = await add();
    expect(await withoutWriting(product, () => add(added.domain))).toEqual(added);
  });

  it('makes one of a domain that is added many times at once', async () => {
    const domain = freshDomain();
    const added = await Promise.all(Array.from({ length: 8 }, () => add(domain)));
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
  });

  it('writes international names as DNS has them', async () => {
    expect((await add('Bücher.example')).domain).toBe('xn--bcher-kva.example');
  });

  it.each(['gmail.com', 'GMX.de', 'yahoo.co.jp'])(
    'answers BAD_USER_INPUT to %s, where everybody can be',
    async (domain) => {
      const message = await refused('BAD_USER_INPUT', () => ask(owner.token, 'addTenantDomain', { domain }));
      expect(message).toContain('Everybody');
    },
  );

  it.each([
    '',
    'acme',
    'a@acme.com',
    'acme..com',
    '-acme.com',
    'acme.com/x',
    '10.0.0.1',
    `${'a'.repeat(64)}.com`,
    'a b.com',
  ])('answers BAD_USER_INPUT to "%s"', async (domain) => {
    await refused('BAD_USER_INPUT', () => ask(owner.token, 'addTenantDomain', { domain }));
  });

  it('answers CONFLICT to the 51st', async () => {
    await product.sql(
      `insert into tenant_domains (tenant_id, id, domain, challenge)
       select $1, gen_random_uuid(), 'd' || n || '.example', 'c' from generate_series(1, 50) n`,
      [tenantId],
    );
    await refused('CONFLICT', () => ask(owner.token, 'addTenantDomain', { domain: freshDomain() }));
  });
});

describe('Mutation.verifyTenantDomain', () => {
  it('shows the domain to be the tenant’s once the record is there, and audits it once', async () => {
    const added = await add();
    publish(added);
    const { body } = await verify(added);
    expect(Date.parse(body.data.verifyTenantDomain.domain.verifiedAt)).toBeGreaterThan(0);
    await withoutWriting(product, () => verify(added));
    expect((await eventsOf()).map(([action]) => action)).toEqual(['domain.add', 'domain.verify']);
  });

  it('answers CONFLICT, naming the record, where it is not there, or says something else', async () => {
    const added = await add();
    const message = await refused('CONFLICT', () => verify(added));
    expect(message).toContain(added.recordName);
    dns.set(added.recordName, [added.recordValue.slice(0, -1), added.recordValue.toUpperCase()]);
    await refused('CONFLICT', () => verify(added));
  });

  it('answers CONFLICT where DNS does not answer', async () => {
    const added = await add();
    dns.set(added.recordName, null);
    expect(await refused('CONFLICT', () => verify(added))).toContain('did not answer');
  });

  it('answers CONFLICT to a second tenant, whose record stands there too', async () => {
    const first = await add();
    const other = await addMember(product, await addTenant(product), 'OWNER');
    const second = await add(first.domain, other);
    expect(second.recordValue).not.toBe(first.recordValue);
    dns.set(first.recordName, [first.recordValue, second.recordValue]);
    await verify(first);
    await refused('CONFLICT', () => verify(second, other));
    await remove(first);
    expect(codesOf(await verify(second, other))).toEqual([]);
  });

  it('lets one of two tenants have the domain that verify it at the same moment', async () => {
    for (let round = 0; round < 6; round += 1) {
      const other = await addMember(product, await addTenant(product), 'OWNER');
      const first = await add();
      const second = await add(first.domain, other);
      dns.set(first.recordName, [first.recordValue, second.recordValue]);
      const answers = await Promise.all([verify(first), verify(second, other)]);
      expect(answers.flatMap(codesOf)).toEqual(['CONFLICT']);
    }
  });
});

describe('Mutation.removeTenantDomain', () => {
  it('gives the domain up, answers it as it was and audits it', async () => {
    const added = await add();
    expect((await remove(added)).body.data.removeTenantDomain.domain).toEqual(added);
    expect((await eventsOf()).at(-1)).toEqual(['domain.remove', { domain: added.domain }]);
    await refused('NOT_FOUND', () => remove(added));
  });

  it('and a verification at the same moment leave no domain behind', async () => {
    const added = await add();
    publish(added);
    await Promise.all([verify(added), remove(added)]);
    expect(await product.sql('select id from tenant_domains where id = $1', [added.id])).toEqual([]);
  });
});

describe('Tenant.domains', () => {
  const QUERY = '{ tenant { domains { domain recordValue } } }';

  it('are listed to a member, and are no other tenant’s', async () => {
    await add(freshDomain(), await addMember(product, await addTenant(product), 'OWNER'));
    const { domain, recordValue } = await add();
    const { token } = await addMember(product, tenantId, 'MEMBER');
    const { body } = await product.query(token, QUERY);
    expect(body.data.tenant.domains).toEqual([{ domain, recordValue }]);
  });
});

describe.each(Object.keys(MUTATIONS) as Name[])('Mutation.%s', (name) => {
  const inputFor = ({ id }: Domain) => (name === 'addTenantDomain' ? { domain: freshDomain() } : { id });

  it('answers UNAUTHENTICATED without a token', async () => {
    const input = inputFor(await add());
    await refused('UNAUTHENTICATED', () => ask(null, name, input));
  });

  it('answers FORBIDDEN to an admin, a machine, and who is no owner any more', async () => {
    const added = await add();
    publish(added);
    const admin = await addMember(product, tenantId, 'ADMIN');
    const machine = await product.pool.signToken(toMachineClaims(product, { tenant_id: tenantId }));
    await changeUnheard(product, `update memberships set role = 'MEMBER' where id = $1`, [owner.membershipId]);
    for (const token of [admin.token, machine, owner.token]) {
      await refused('FORBIDDEN', () => ask(token, name, inputFor(added)));
    }
  });

  it('answers TENANT_SUSPENDED while the tenant is shut', async () => {
    const added = await add();
    publish(added);
    await product.sql(`update tenants set status = 'SUSPENDED' where id = $1`, [tenantId]);
    await refused('TENANT_SUSPENDED', () => ask(owner.token, name, inputFor(added)));
  });
});

describe.each(['verifyTenantDomain', 'removeTenantDomain'] as const)('Mutation.%s', (name) => {
  it("answers NOT_FOUND to another tenant's id as to one nobody knows, byte for byte", async () => {
    const foreign = await add(freshDomain(), await addMember(product, await addTenant(product), 'OWNER'));
    publish(foreign);
    const fixed = { 'x-request-id': 'fixed' };
    const answers = await withoutWriting(product, () =>
      Promise.all([foreign.id, randomUUID(), 'nonsense'].map((id) => ask(owner.token, name, { id }, fixed))),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(codesOf)).toEqual(Array(3).fill(['NOT_FOUND']));
  });
});
