import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CallerDomain } from '../../src/domain/caller-domain.ts';
import { defineVerb } from '../../src/domain/verb.ts';
import { defineModule } from '../../src/modules/module.ts';
import type { Scope } from '../../src/store/scope.ts';
import { codesOf } from '../support/answers.ts';
import { idsOf } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { withoutWriting } from '../support/tables.ts';

// Types without @tenantScoped and plain values: no directive looks at what they hold.
const SDL = `
extend type Query {
  names(tenant: ID, reach: String!): [String!] @auth
  loaded(tenant: ID!, id: ID!): [String] @auth
}
extend type Mutation { plant(input: PlantInput!): PlantPayload @auth(groups: ["TenantMembers"]) }
type PlantPayload { name: String }
input PlantInput { tenant: ID! }`;
const MIGRATION = `
create table gadgets (
  tenant_id uuid not null references tenants (id), id uuid not null default gen_random_uuid(), name text not null,
  primary key (tenant_id, id)
);
call hold_to_tenant('gadgets');`;

const GADGETS = { name: 'careless-gadgets', text: 'select name from gadgets order by name' };

function toScope(reach: string, tenant: string | undefined, ctx: CallerDomain): Scope {
  if (reach === 'TENANT') return { reach, tenantId: tenant ?? '', userId: null };
  if (reach === 'SELF') return { reach, tenantId: null, userId: tenant ?? ctx.principal.subject };
  return { reach: reach === 'SYSTEM' ? 'SYSTEM' : 'PLATFORM', tenantId: null, userId: null };
}

/** A module whose author takes every scope from the arguments, and forgets every condition. */
const toModule = (folder: string) =>
  defineModule({
    name: 'careless',
    folder,
    resolvers: {
      Query: {
        names: async (_, { tenant, reach }, { domain }) => {
          const rows = await domain.database.query<{ name: string }>(toScope(reach, tenant, domain), GADGETS);
          return rows.map(({ name }) => name);
        },
        loaded: async (_, { tenant, id }, { loaders }) => {
          const user = await loaders.user({ reach: 'TENANT', tenantId: tenant, userId: null }, id);
          return [user?.email];
        },
      },
    },
    verbs: {
      plant: defineVerb({
        action: 'gadget.plant',
        allows: () => true,
        input: z.object({ tenant: z.string() }),
        change: async ({ tx, input: { tenant } }) => {
          await tx.$executeRaw`insert into gadgets (tenant_id, name) values (${tenant}::uuid, 'planted')`;
          return { targetType: 'Gadget', targetId: 'none' };
        },
        answer: async () => ({ name: 'planted' }),
      }),
    },
  });

let folder: string;
let product: Product;
let mia: string;
let acme: string;
let globex: string;
let gina: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantry-careless-'));
  mkdirSync(join(folder, 'migrations', '20261124200000_gadgets'), { recursive: true });
  writeFileSync(join(folder, 'migrations', '20261124200000_gadgets', 'migration.sql'), MIGRATION);
  writeFileSync(join(folder, 'gadgets.graphql'), SDL);
  product = await startProduct({ modules: [toModule(folder)] });
  acme = (await idsOf(product, 'mia@acme.test', 'acme')).tenantId;
  ({ tenantId: globex, sub: gina } = await idsOf(product, 'gina@globex.test', 'globex'));
  mia = await product.tokenOf('mia@acme.test');
  await product.sql(`insert into gadgets (tenant_id, name) values ($1, 'of acme'), ($2, 'of globex')`, [acme, globex]);
});
afterAll(async () => {
  await product[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const NAMES = 'query ($tenant: ID, $reach: String!) { names(tenant: $tenant, reach: $reach) }';
const namesFor = (token: string, reach: string, tenant?: string) => product.query(token, NAMES, { reach, tenant });

describe("a module that reads under somebody else's scope", () => {
  it.each([
    ['another tenant, named by the caller', 'TENANT', () => globex],
    ['the memberships of another user', 'SELF', () => gina],
    ['every tenant', 'PLATFORM', () => undefined],
    ['nobody, as triggers do', 'SYSTEM', () => undefined],
  ])('reads nothing as %s', async (_whose, reach, toTenant) => {
    const answer = await namesFor(mia, reach, toTenant());
    expect(answer.body.data).toEqual({ names: null });
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
  });

  it('reads nothing of another tenant through a loader of Tenantry', async () => {
    const query = 'query ($tenant: ID!, $id: ID!) { loaded(tenant: $tenant, id: $id) }';
    const answer = await product.query(mia, query, { tenant: globex, id: gina });
    expect(answer.body.data).toEqual({ loaded: null });
    expect(codesOf(answer)).toEqual(['NOT_FOUND']);
  });

  it.each([
    ['the own tenant', 'TENANT', () => acme],
    ['the own memberships', 'SELF', () => undefined],
  ])('reads what is there as %s', async (_whose, reach, toTenant) => {
    expect((await namesFor(mia, reach, toTenant())).body).toEqual({ data: { names: ['of acme'] } });
  });

  it('reads every tenant for platform staff', async () => {
    const root = await product.tokenOf('root@tenantry.test');
    expect((await namesFor(root, 'PLATFORM')).body.data.names).toEqual(['of acme', 'of globex']);
  });
});

describe('a module that writes into the tenant it is told', () => {
  const plant = 'mutation ($tenant: ID!) { plant(input: { tenant: $tenant }) { name } }';

  it('writes into the own one', async () => {
    const { body } = await product.query(mia, plant, { tenant: acme });
    expect(body).toEqual({ data: { plant: { name: 'planted' } } });
  });

  it('writes nothing into another, and leaves no audit event', async () => {
    const answer = await withoutWriting(product, () => product.query(mia, plant, { tenant: globex }));
    expect(codesOf(answer)).toEqual(['INTERNAL_SERVER_ERROR']);
  });
});
