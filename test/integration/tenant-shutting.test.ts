import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, type Member, toUserClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';

const MUTATIONS = {
  suspendTenant:
    'mutation ($input: SuspendTenantInput!) { suspendTenant(input: $input) { tenant { id status purgeAfter } } }',
  resumeTenant:
    'mutation ($input: ResumeTenantInput!) { resumeTenant(input: $input) { tenant { id status purgeAfter } } }',
  deleteTenant:
    'mutation ($input: DeleteTenantInput!) { deleteTenant(input: $input) { tenant { id status purgeAfter } } }',
};

type Name = keyof typeof MUTATIONS;

const DAY_MS = 24 * 3600 * 1000;

let product: Product;
let root: string;
let tenantId: string;
let slug: string;
let owner: Member;

beforeAll(async () => {
  product = await getSharedProduct();
  root = await product.tokenOf('root@tenantry.test');
});

beforeEach(async () => {
  slug = `t-${randomUUID().slice(0, 8)}`;
  tenantId = await addTenant(product, slug);
  owner = await addMember(product, tenantId, 'OWNER');
});

const ask = (token: string | null, name: Name, input: object) => product.query(token, MUTATIONS[name], { input });
const suspend = (token: string | null = root) => ask(token, 'suspendTenant', { tenantId });
const resume = (token: string | null = root) => ask(token, 'resumeTenant', { tenantId });
const remove = (token: string | null, input: object = {}) =>
  ask(token, 'deleteTenant', { confirmSlug: slug, ...input });

async function refused(code: string, act: () => ReturnType<typeof ask>): Promise<void> {
  expect(codesOf(await withoutWriting(product, act))).toEqual([code]);
}

const statusOf = async () =>
  (await product.sql('select status, purge_after from tenants where id = $1', [tenantId]))[0];
const actionsOf = async () =>
  (
    await product.sql<{ action: string }>('select action from audit_events where tenant_id = $1 order by id', [
      tenantId,
    ])
  ).map(({ action }) => action);

describe('Mutation.suspendTenant', () => {
  it('shuts a tenant for platform staff, and audits it once', async () => {
    expect((await suspend()).body.data.suspendTenant.tenant).toEqual({
      id: tenantId,
      status: 'SUSPENDED',
      purgeAfter: null,
    });
    await withoutWriting(product, suspend);
    expect(await actionsOf()).toEqual(['tenant.suspend']);
  });

  it('leaves nothing in it to be changed', async () => {
    await suspend();
    const leave = () => product.query(owner.token, 'mutation { leaveTenant { membership { id } } }');
    await refused('TENANT_SUSPENDED', leave);
    await refused('TENANT_SUSPENDED', () => remove(owner.token));
  });

  it('answers CONFLICT for a tenant that is being deleted', async () => {
    await remove(owner.token);
    await refused('CONFLICT', suspend);
  });
});

describe('Mutation.resumeTenant', () => {
  it('opens a tenant that was suspended, and audits it once', async () => {
    await suspend();
    expect((await resume()).body.data.resumeTenant.tenant.status).toBe('ACTIVE');
    await withoutWriting(product, resume);
    expect(await actionsOf()).toEqual(['tenant.suspend', 'tenant.resume']);
  });

  it('takes back a deletion in its time of grace', async () => {
    await remove(owner.token);
    expect((await resume()).body.data.resumeTenant.tenant).toMatchObject({ status: 'ACTIVE', purgeAfter: null });
  });

  it('answers CONFLICT once the time of grace is over, whether anything was removed yet or not', async () => {
    // Not the shared product, in which the job that removes such tenants may run at this moment.
    await using own = await startProduct();
    const due = await addTenant(own, slug);
    const { token } = await addMember(own, due, 'OWNER');
    await own.query(token, MUTATIONS.deleteTenant, { input: { confirmSlug: slug } });
    await own.sql(`update tenants set purge_after = now() - interval '1 s' where id = $1`, [due]);
    const staff = await own.tokenOf('root@tenantry.test');
    const resumeDue = () => own.query(staff, MUTATIONS.resumeTenant, { input: { tenantId: due } });
    expect(codesOf(await withoutWriting(own, resumeDue))).toEqual(['CONFLICT']);
  });
});

describe('a tenant whose last owner deleted his account', () => {
  it('is resumed by nobody', async () => {
    await remove(owner.token);
    await product.sql('delete from memberships where id = $1', [owner.membershipId]);
    await refused('CONFLICT', resume);
  });
});

describe.each(['suspendTenant', 'resumeTenant'] as const)('Mutation.%s', (name) => {
  it('answers UNAUTHENTICATED without a token', () => refused('UNAUTHENTICATED', () => ask(null, name, { tenantId })));

  it('answers FORBIDDEN to an owner', () => refused('FORBIDDEN', () => ask(owner.token, name, { tenantId })));

  it.each([randomUUID(), 'acme'])('answers NOT_FOUND for an id nobody knows: "%s"', (id) =>
    refused('NOT_FOUND', () => ask(root, name, { tenantId: id })),
  );
});

describe('Mutation.deleteTenant', () => {
  it('shuts the tenant for its owner, to be removed in thirty days, and audits it', async () => {
    const { status, purgeAfter } = (await remove(owner.token)).body.data.deleteTenant.tenant;
    expect(status).toBe('DELETING');
    const days = (Date.parse(purgeAfter) - Date.now()) / DAY_MS;
    expect(Math.round(days)).toBe(30);
    expect(await actionsOf()).toEqual(['tenant.delete']);
    const { body } = await product.query(owner.token, '{ viewer { tenant { status } } }');
    expect(body.data.viewer.tenant.status).toBe('DELETING');
  });

  it('does it for platform staff too, once, also with a tenant that is suspended', async () => {
    await suspend();
    expect((await remove(root, { tenantId })).body.data.deleteTenant.tenant.status).toBe('DELETING');
    const before = await statusOf();
    await withoutWriting(product, () => remove(root, { tenantId }));
    expect(await statusOf()).toEqual(before);
  });

  it.each(['', 'acme', 'T-'])('answers BAD_USER_INPUT to the slug "%s"', (confirmSlug) =>
    refused('BAD_USER_INPUT', () => remove(owner.token, { confirmSlug })),
  );

  it('answers STEP_UP_REQUIRED to a sign-in of an hour ago', async () => {
    const claims = { tenant_id: tenantId, tenant_role: 'OWNER', auth_time: Math.floor(Date.now() / 1000) - 3600 };
    const token = await product.pool.signToken(toUserClaims(product, owner.sub, claims));
    await refused('STEP_UP_REQUIRED', () => remove(token));
    expect((await remove(token)).body.errors[0].extensions.maxAuthAgeSeconds).toBe(900);
  });

  it('answers FORBIDDEN to an admin', async () => {
    const { token } = await addMember(product, tenantId, 'ADMIN');
    await refused('FORBIDDEN', () => remove(token));
  });

  it('answers UNAUTHENTICATED without a token', () => refused('UNAUTHENTICATED', () => remove(null)));

  it("answers NOT_FOUND to another tenant's id, though its slug is right", async () => {
    const other = await addTenant(product, `other-${slug}`);
    await refused('NOT_FOUND', () => remove(owner.token, { tenantId: other, confirmSlug: `other-${slug}` }));
  });

  it('and a resumption at the same moment end in one of the two states, whole', async () => {
    for (let round = 0; round < 8; round += 1) {
      await Promise.all([remove(root, { tenantId }), resume()]);
      const { status, purge_after: purgeAfter } = (await statusOf()) as { status: string; purge_after: Date | null };
      expect(['ACTIVE', 'DELETING']).toContain(status);
      expect(purgeAfter !== null).toBe(status === 'DELETING');
    }
  });
});
