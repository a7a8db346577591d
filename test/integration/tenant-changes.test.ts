import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, type Member, toMachineClaims, toUserClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { changeUnheard } from '../support/unheard.ts';

const TENANT = `tenant { id name policy { mfaRequired maxSessionAgeSeconds joinByDomain memberLimit } }`;
const MUTATIONS = {
  updateTenant: `mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { ${TENANT} } }`,
  setTenantPolicy: `mutation ($input: SetTenantPolicyInput!) { setTenantPolicy(input: $input) { ${TENANT} } }`,
};

type Name = keyof typeof MUTATIONS;

const FIXED = { 'x-request-id': 'fixed' };
const NO_POLICY = { mfaRequired: false, maxSessionAgeSeconds: null, joinByDomain: false, memberLimit: null };
const SAMPLES: Readonly<Record<Name, object>> = {
  updateTenant: { name: 'Renamed' },
  setTenantPolicy: { mfaRequired: true, memberLimit: 7 },
};
const NAMES = Object.keys(SAMPLES) as Name[];

let product: Product;
let root: string;
let tenantId: string;
let owner: Member;

beforeAll(async () => {
  product = await getSharedProduct();
  root = await product.tokenOf('root@tenantry.test');
});

beforeEach(async () => {
  tenantId = await addTenant(product);
  owner = await addMember(product, tenantId, 'OWNER');
});

const change = (token: string | null, name: Name, input: object) =>
  product.query(token, MUTATIONS[name], { input: { ...SAMPLES[name], ...input } });

const eventsOf = (id: string) =>
  product.sql('select action, actor_id as actor, changes from audit_events where tenant_id = $1 order by id', [id]);

describe('Mutation.updateTenant', () => {
  it.each(['OWNER', 'ADMIN'] as const)('renames the tenant for an %s, and audits it', async (role) => {
    const { token, sub } = await addMember(product, tenantId, role);
    const { body } = await change(token, 'updateTenant', { name: ' Umbrella ' });
    expect(body.data.updateTenant.tenant).toMatchObject({ id: tenantId, name: 'Umbrella' });
    expect(await eventsOf(tenantId)).toMatchObject([
      { action: 'tenant.update', actor: sub, changes: { name: [expect.any(String), 'Umbrella'] } },
    ]);
  });

  it('writes nothing where the name is that already', async () => {
    await change(owner.token, 'updateTenant', {});
    await withoutWriting(product, () => change(owner.token, 'updateTenant', {}));
  });

  it('answers BAD_USER_INPUT to a name nobody can read', async () => {
    expect(codesOf(await change(owner.token, 'updateTenant', { name: '\u202e' }))).toEqual(['BAD_USER_INPUT']);
  });
});

describe('Mutation.setTenantPolicy', () => {
  it('changes what is given, leaves what is not, and audits what changed', async () => {
    await change(owner.token, 'setTenantPolicy', { maxSessionAgeSeconds: 3600 });
    const claims = { tenant_id: tenantId, tenant_role: 'OWNER', amr: ['mfa'] };
    const strong = await product.pool.signToken(toUserClaims(product, owner.sub, claims));
    const { body } = await product.query(strong, MUTATIONS.setTenantPolicy, {
      input: { memberLimit: null, joinByDomain: true },
    });
    const policy = { mfaRequired: true, maxSessionAgeSeconds: 3600, joinByDomain: true, memberLimit: null };
    expect(body.data.setTenantPolicy.tenant.policy).toEqual(policy);
    expect((await eventsOf(tenantId)).at(-1)).toMatchObject({
      action: 'tenant.policy',
      changes: { joinByDomain: [false, true], memberLimit: [7, null] },
    });
  });

  it('is one anybody in the tenant may read', async () => {
    const { token } = await addMember(product, tenantId, 'MEMBER');
    const { body } = await product.query(token, `{ ${TENANT} }`);
    expect(body.data.tenant.policy).toEqual(NO_POLICY);
  });

  it('answers FORBIDDEN to an admin', async () => {
    const { token } = await addMember(product, tenantId, 'ADMIN');
    const answer = await withoutWriting(product, () => change(token, 'setTenantPolicy', {}));
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });

  it.each([
    { maxSessionAgeSeconds: 299 },
    { maxSessionAgeSeconds: 2_592_001 },
    { memberLimit: 0 },
    { memberLimit: 1_000_001 },
    { mfaRequired: null },
    { joinByDomain: null },
  ])('answers BAD_USER_INPUT to %j', async (input) => {
    const answer = await withoutWriting(product, () => change(owner.token, 'setTenantPolicy', input));
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});

describe.each(NAMES)('Mutation.%s', (name) => {
  const refused = async (code: string, token: string | null, input: object = {}) => {
    const answer = await withoutWriting(product, () => change(token, name, input));
    expect(codesOf(answer)).toEqual([code]);
    return answer;
  };

  it('changes any tenant at the word of platform staff, who see it without being in it', async () => {
    const { body } = await change(root, name, { tenantId });
    expect(body.data[name].tenant.id).toBe(tenantId);
    expect(await eventsOf(tenantId)).toHaveLength(1);
  });

  it('answers UNAUTHENTICATED without a token', () => refused('UNAUTHENTICATED', null));

  it('answers FORBIDDEN to a member and to a machine', async () => {
    await refused('FORBIDDEN', (await addMember(product, tenantId, 'MEMBER')).token);
    const claims = { tenant_id: tenantId, scope: 'tenantry/members.read' };
    await refused('FORBIDDEN', await product.pool.signToken(toMachineClaims(product, claims)));
  });

  it('answers FORBIDDEN to who was an owner when his token was made', async () => {
    await addMember(product, tenantId, 'OWNER');
    await changeUnheard(product, `update memberships set role = 'MEMBER' where id = $1`, [owner.membershipId]);
    await refused('FORBIDDEN', owner.token);
    await changeUnheard(product, 'delete from memberships where id = $1', [owner.membershipId]);
    await refused('FORBIDDEN', owner.token);
  });

  it("answers NOT_FOUND to another tenant's id as to one nobody knows, byte for byte", async () => {
    const ask = (id: string) =>
      product.query(owner.token, MUTATIONS[name], { input: { ...SAMPLES[name], tenantId: id } }, FIXED);
    const other = await addTenant(product);
    const answers = await withoutWriting(product, () => Promise.all([ask(other), ask(randomUUID()), ask('acme')]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(codesOf)).toEqual(Array(3).fill(['NOT_FOUND']));
  });

  it('answers NOT_FOUND to platform staff for an id nobody knows', async () => {
    await refused('NOT_FOUND', root, { tenantId: randomUUID() });
    await refused('NOT_FOUND', root, { tenantId: 'acme' });
  });

  it('answers TENANT_REQUIRED to platform staff who name none', () => refused('TENANT_REQUIRED', root));

  it('answers TENANT_SUSPENDED to an owner while the tenant is shut', async () => {
    await product.sql(`update tenants set status = 'SUSPENDED' where id = $1`, [tenantId]);
    await refused('TENANT_SUSPENDED', owner.token);
  });
});
