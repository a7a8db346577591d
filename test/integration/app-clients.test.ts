import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { codesOf } from '../support/answers.ts';
import { idsOf, toMachineClaims, toUserClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';

// Heard of at once; a machine under load takes its time.
const HEARD_WITHIN_MS = 5_000;

let product: Product;
let acmeId: string;
let globexId: string;

beforeAll(async () => {
  product = await startProduct();
  acmeId = (await idsOf(product, 'mia@acme.test', 'acme')).tenantId;
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
});
afterAll(() => product[Symbol.asyncDispose]());

describe('registered app clients', () => {
  const askFor = async (client_id: string, tenant_id?: string) => {
    const { sub } = await idsOf(product, 'dora@both.test', 'acme');
    const token = await product.pool.signToken(toUserClaims(product, sub, { client_id, tenant_id }));
    return (await product.query(token, '{ viewer { sub } }')).status;
  };

  beforeAll(async () => {
    await product.sql(
      `insert into app_clients (client_id, tenant_id, name) values ('bound', $1, 'Bound'), ('free', null, 'Free')`,
      [acmeId],
    );
    const isHeard = async () => expect(await askFor('free')).toBe(200);
    await vi.waitFor(isHeard, { timeout: HEARD_WITHIN_MS, interval: 50 });
  });

  it('are no credential before they are registered, nor once they have ended', async () => {
    expect(await askFor('unknown')).toBe(401);
    await product.sql(`insert into app_clients (client_id, name, ended_at) values ('ended', 'Ended', now())`);
    await product.sql(`update app_clients set name = 'Free still' where client_id = 'free'`);
    expect(await askFor('ended')).toBe(401);
  });

  it('are accepted for their tenant', async () => {
    expect(await askFor('bound', acmeId)).toBe(200);
  });

  it('are accepted for every tenant when bound to none', async () => {
    expect([await askFor('free', acmeId), await askFor('free', globexId)]).toEqual([200, 200]);
  });

  it('are no credential for another tenant', async () => {
    expect(await askFor('bound', globexId)).toBe(401);
  });

  it('are no credential without a tenant when bound to one', async () => {
    expect(await askFor('bound')).toBe(401);
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
