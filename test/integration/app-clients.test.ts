import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { codesOf } from '../support/answers.ts';
import {
  addMembership,
  addTenant,
  addUser,
  idsOf,
  type Person,
  toMachineClaims,
  toUserClaims,
} from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

// Heard of at once; a machine under load takes its time.
const HEARD_WITHIN_MS = 5_000;

let product: Product;
let acmeId: string;

beforeAll(async () => {
  product = await getSharedProduct();
  acmeId = (await idsOf(product, 'mia@acme.test', 'acme')).tenantId;
});

describe('registered app clients', () => {
  /** A member of both tenants. */
  let member: Person;
  let tenantId: string;
  let otherId: string;
  let bound: string;
  let free: string;

  const askFor = async (client_id: string, tenant_id?: string) => {
    const token = await product.pool.signToken(toUserClaims(product, member.sub, { client_id, tenant_id }));
    return (await product.query(token, '{ viewer { sub } }')).status;
  };
  const waitUntilHeard = (clientId: string) =>
    vi.waitFor(async () => expect(await askFor(clientId)).toBe(200), { timeout: HEARD_WITHIN_MS, interval: 50 });

  beforeAll(async () => {
    [tenantId, otherId] = [await addTenant(product), await addTenant(product)];
    member = await addUser(product);
    for (const id of [tenantId, otherId]) await addMembership(product, member, id, 'MEMBER');
    [bound, free] = [`bound-${randomUUID()}`, `free-${randomUUID()}`];
    await product.sql(
      `insert into app_clients (client_id, tenant_id, name) values ($2, $1, 'Bound'), ($3, null, 'Free')`,
      [tenantId, bound, free],
    );
    await waitUntilHeard(free);
  });

  it('are no credential before they are registered, nor once they have ended', async () => {
    const [ended, later] = [`ended-${randomUUID()}`, `later-${randomUUID()}`];
    expect(await askFor('unknown')).toBe(401);
    await product.sql(`insert into app_clients (client_id, name, ended_at) values ($1, 'Ended', now())`, [ended]);
    await product.sql(`update app_clients set name = 'Free still' where client_id = $1`, [free]);
    // The server hears of clients in the order of their rows: once it accepts the later one it knows the ended one too.
    await product.sql(`insert into app_clients (client_id, name) values ($1, 'Later')`, [later]);
    await waitUntilHeard(later);
    expect(await askFor(ended)).toBe(401);
  });

  it('are accepted for their tenant', async () => {
    expect(await askFor(bound, tenantId)).toBe(200);
  });

  it('are accepted for every tenant when bound to none', async () => {
    expect([await askFor(free, tenantId), await askFor(free, otherId)]).toEqual([200, 200]);
  });

  it('are no credential for another tenant', async () => {
    expect(await askFor(bound, otherId)).toBe(401);
  });

  it('are no credential without a tenant when bound to one', async () => {
    expect(await askFor(bound)).toBe(401);
  });
});

describe('a machine token', () => {
  const MEMBERS = '{ members { totalCount } }';
  const askAsMachine = async (query: string, claims: object) => {
    const token = await product.pool.signToken(toMachineClaims(product, claims));
    return product.query(token, query);
  };

  it('reads members with the scope for it', async () => {
    const claims = { scope: 'tenantry/members.read', tenant_id: acmeId };
    expect((await askAsMachine(MEMBERS, claims)).body).toEqual({ data: { members: { totalCount: 4 } } });
  });

  it('is FORBIDDEN to without it', async () => {
    const answer = await askAsMachine(MEMBERS, { scope: 'tenantry/other', tenant_id: acmeId });
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
  });

  it('has no groups and no profile, whatever it carries', async () => {
    const claims = { 'cognito:groups': ['Admins', 'Users'], tenant_id: acmeId, tenant_role: 'OWNER' };
    const { body } = await askAsMachine('{ viewer { kind sub groups profile { id } membership { id } } }', claims);
    const sub = product.pool.clientId;
    expect(body.data.viewer).toEqual({ kind: 'MACHINE', sub, groups: [], profile: null, membership: null });
  });

  it('is not platform staff by a group in it', async () => {
    const answer = await askAsMachine('{ tenants { totalCount } }', { 'cognito:groups': ['Admins'] });
    expect([answer.body.data, codesOf(answer)]).toEqual([{ tenants: null }, ['FORBIDDEN']]);
  });
});
