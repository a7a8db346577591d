import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../src/identity/principal.ts';
import type { Scope } from '../../../src/store/scope.ts';
import { stampRow } from '../../../src/store/stamp.ts';
import { ACME, aMachine, anAdmin, aUser, GLOBEX } from '../access/fixtures.ts';
import { aWorld } from './world.ts';

const OF_SELF: Scope = { reach: 'SELF', tenantId: null, userId: 'mia' };
const PLATFORM: Scope = { reach: 'PLATFORM', tenantId: null, userId: 'root' };
const OWNER = ['Users', 'TenantOwners', 'TenantAdmins', 'TenantMembers'];

let readUnder: Scope = OF_SELF;
const aNote = (tenantId: string) => stampRow({ __typename: 'Note', tenantId, secret: 'secret' }, readUnder);
const aVault = (tenantId: string) => stampRow({ __typename: 'Vault', tenantId }, readUnder);
const toHint = ({ secret = 'nothing' }: { readonly secret?: string }) => `computed from ${secret}`;

const world = aWorld(
  `
  type Query {
    own: [Note] @auth @tenantScoped(reach: SELF)
    every: [Note] @auth @tenantScoped(reach: PLATFORM)
    vaults: [Vault] @auth @tenantScoped(reach: SELF)
    found: [Found] @auth @tenantScoped(reach: SELF)
    profile: Profile @auth @tenantScoped(reach: SELF)
    here: Stats @auth
  }
  type Note @tenantScoped {
    tenantId: ID
    secret: ID @auth(groups: ["TenantOwners"])
    either: ID @auth(groups: ["Admins", "TenantOwners"])
    byScope: ID @auth(scopes: ["tenantry/members.read"])
    byPool: ID @auth(groups: ["Users"])
    hint: ID
    stats: Stats
    page: NotePayload
    vault: Vault
    found: Found
  }
  type Vault @tenantScoped @auth(groups: ["TenantOwners"]) { tenantId: ID }
  type Stats @auth { sum: ID @auth(groups: ["TenantOwners"]) }
  type Sum @auth(groups: ["TenantOwners"]) { sum: ID }
  type NotePayload { sum: ID @auth(groups: ["TenantOwners"])  stats: Stats }
  type Profile @auth { phone: ID @auth(groups: ["TenantOwners"]) }
  union Found = Sum | Vault | Stats
`,
  {
    Query: {
      ...Object.fromEntries(['own', 'every'].map((name) => [name, () => [aNote(ACME), aNote(GLOBEX)]])),
      ...Object.fromEntries(['vaults', 'found'].map((name) => [name, () => [aVault(ACME), aVault(GLOBEX)]])),
      profile: () => stampRow({ phone: '1' }, OF_SELF),
      here: () => ({ sum: 1 }),
    },
    Note: {
      either: () => 1,
      byScope: () => 1,
      byPool: () => 1,
      hint: toHint,
      stats: () => ({ sum: 1 }),
      page: () => ({ sum: 1, stats: { sum: 1 } }),
      vault: ({ tenantId }: { tenantId: string }) => aVault(tenantId),
      found: () => ({ __typename: 'Sum', sum: 1 }),
    },
  },
);

const ask = (
  query: string,
  caller: Principal = aUser({ groups: OWNER, tenantRole: 'OWNER' }),
  scope: Scope = OF_SELF,
) => {
  readUnder = scope;
  return world.ask(caller, query);
};
const refusalsOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).refusals;

describe('a role in one tenant is none on a row of another', () => {
  it.each([
    ['a field of the row', '{ own { secret } }', 'own.1.secret'],
    ['what is computed from it', '{ own { stats { sum } } }', 'own.1.stats.sum'],
    ['a payload below it', '{ own { page { sum } } }', 'own.1.page.sum'],
    ['what a payload below it holds', '{ own { page { stats { sum } } } }', 'own.1.page.stats.sum'],
    ['a type for owners', '{ own { vault { tenantId } } }', 'own.1.vault'],
  ])('on %s', async (_what, query, path) => {
    expect(await refusalsOf(query)).toEqual([`FORBIDDEN at ${path}`]);
  });

  it('on a union, once its type is known', async () => {
    expect(await refusalsOf('{ own { found { ... on Sum { sum } } } }')).toEqual(['NOT_FOUND at own.1.found']);
  });

  it('on what an open field is computed from', async () => {
    const { data } = await ask('{ own { hint } }');
    expect(data).toEqual({ own: [{ hint: 'computed from secret' }, { hint: 'computed from nothing' }] });
  });

  it('on a row of nobody, read across tenants', async () => {
    expect(await refusalsOf('{ profile { phone } }')).toEqual(['FORBIDDEN at profile.phone']);
  });

  it('for platform staff who own a tenant', async () => {
    const staff = anAdmin({ groups: ['Admins', ...OWNER], tenantId: ACME, tenantRole: 'OWNER' });
    expect(await refusalsOf('{ every { secret either } }', staff, PLATFORM)).toEqual(['FORBIDDEN at every.1.secret']);
  });

  it('nor is a scope', async () => {
    const caller = aUser({ scopes: ['tenantry/members.read'] });
    expect(await refusalsOf('{ own { byScope } }', caller)).toEqual(['FORBIDDEN at own.1.byScope']);
  });

  it('and the log is told why', async () => {
    const { errors } = await ask('{ own { secret } }');
    expect(errors.map(({ originalError }) => originalError)).toMatchObject([
      { reason: expect.stringMatching(/TenantOwners.* outside the token's tenant$/) },
    ]);
  });
});

describe('a row of a type for owners', () => {
  it.each([
    ['vaults', '{ vaults { tenantId } }'],
    ['found', '{ found { ... on Vault { tenantId } } }'],
  ])('of another tenant is held back from %s like a foreign one', async (field, query) => {
    const { data, refusals, lines } = await ask(query);
    expect({ data, refusals }).toEqual({
      data: { [field]: [{ tenantId: ACME }, null] },
      refusals: [`NOT_FOUND at ${field}.1`],
    });
    expect(lines).toMatchObject([{ level: 'warn', net: 'row', msg: 'refused' }]);
  });
});

describe('what every tenant has in common stays open on every row', () => {
  it.each([
    ['a group of the pool', '{ own { byPool } }', aUser()],
    ['the group of platform staff beside a role', '{ own { either } }', anAdmin({ subject: 'mia' })],
    ['a role where no row was read', '{ here { sum } }', aUser({ groups: OWNER })],
    ['a scope where no row was read', '{ here { __typename } }', aMachine()],
  ])('%s', async (_what, query, caller) => {
    expect(await refusalsOf(query, caller)).toEqual([]);
  });
});
