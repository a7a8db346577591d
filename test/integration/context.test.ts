import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import type { Principal } from '../../src/identity/principal.ts';
import { idsOf, toUserClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';

const SCHEMA_FOLDER = join(import.meta.dirname, '..', '..', 'schema');

let product: Product;
let seen: Principal;

/** A field of a team's own, as it would be added: it sees what every resolver sees. */
const probe = (_: unknown, _args: unknown, { principal }: { readonly principal: Principal }) => {
  seen = principal;
  return 'ok';
};

beforeAll(async () => {
  const typeDefs = [...loadTypeDefs(SCHEMA_FOLDER), 'extend type Query { probe: String @auth }'];
  product = await startProduct({
    overrides: { schema: { typeDefs, resolvers: [...resolvers, { Query: { probe } }] } },
  });
  const { sub, tenantId } = await idsOf(product, 'mia@acme.test', 'acme');
  const claims = { tenant_id: tenantId, tenant_role: 'MEMBER', plan: { tier: 'gold', seats: [1, 2] } };
  const token = await product.pool.signToken(toUserClaims(product, sub, claims));
  expect((await product.query(token, '{ probe }')).body).toEqual({ data: { probe: 'ok' } });
});
afterAll(() => product[Symbol.asyncDispose]());

describe('the principal a resolver is handed', () => {
  it('says who is calling and for which tenant', async () => {
    const { sub, tenantId } = await idsOf(product, 'mia@acme.test', 'acme');
    expect(seen).toMatchObject({
      kind: 'USER',
      subject: sub,
      username: sub,
      tenantId,
      tenantRole: 'MEMBER',
      mfa: false,
    });
  });

  it('carries every claim of the token as signed', () => {
    expect(seen.claims).toMatchObject({ token_use: 'access', plan: { tier: 'gold', seats: [1, 2] } });
  });

  it('cannot be given another tenant, group or claim', () => {
    const writes: (() => unknown)[] = [
      () => Object.assign(seen, { tenantId: 'other' }),
      () => (seen.groups as string[]).push('Admins'),
      () => (seen.scopes as string[]).push('tenantry/members.read'),
      () => Object.assign(seen.claims, { sub: 'other' }),
      () => Object.assign(seen.claims['plan'] as object, { tier: 'platinum' }),
    ];
    for (const write of writes) expect(write).toThrow(TypeError);
  });
});
