import { describe, expect, it } from 'vitest';
import { type Scope, SYSTEM } from '../../../src/store/scope.ts';
import { stampRow } from '../../../src/store/stamp.ts';
import { ACME, anAdmin, aUser, GLOBEX } from '../access/fixtures.ts';
import { aWorld } from './world.ts';

const inTenant = (tenantId: string): Scope => ({ reach: 'TENANT', tenantId, userId: 'mia' });
const ofSelf = (userId: string): Scope => ({ reach: 'SELF', tenantId: null, userId });
const PLATFORM: Scope = { reach: 'PLATFORM', tenantId: null, userId: 'root' };

/** What every resolver returns, whatever it was asked for. */
let leaked: unknown;
const person = (scope: Scope) => stampRow({ __typename: 'Person', id: 'gina' }, scope);

const FIELDS = ['plain', 'list', 'own', 'every', 'found', 'payload', 'edges'];
const world = aWorld(
  `
  type Query {
    plain: Person @auth
    list: [Person] @auth
    own: Person @auth @tenantScoped(reach: SELF)
    every: Person @auth @tenantScoped(reach: PLATFORM)
    found: [Found] @auth
    payload: PersonPayload @auth
    edges: [PersonEdge] @auth
  }
  type Person @auth { id: ID  friend: Person }
  type Other @auth { id: ID }
  type PersonPayload { id: ID }
  type PersonEdge { id: ID }
  union Found = Person | Other
`,
  { Query: Object.fromEntries(FIELDS.map((name) => [name, () => leaked])), Person: { friend: () => leaked } },
);

const ask = (query: string, row: unknown, caller = aUser()) => {
  leaked = row;
  return world.ask(caller, query);
};

describe('a row of a type without an owner is held back', () => {
  it.each([
    ['under another tenant', '{ plain { id } }', person(inTenant(GLOBEX)), aUser(), 'plain'],
    ['under another tenant, in a list', '{ list { id } }', [person(inTenant(GLOBEX))], aUser(), 'list.0'],
    ['under another tenant, promised', '{ plain { id } }', Promise.resolve(person(inTenant(GLOBEX))), aUser(), 'plain'],
    ['under a tenant, by one who has none', '{ plain { id } }', person(inTenant(ACME)), anAdmin(), 'plain'],
    ['in a union', '{ found { ... on Person { id } } }', [person(inTenant(GLOBEX))], aUser(), 'found.0'],
    ['and returned as a payload', '{ payload { id } }', person(inTenant(GLOBEX)), aUser(), 'payload'],
    ['and returned as an edge', '{ edges { id } }', [person(inTenant(GLOBEX))], aUser(), 'edges.0'],
    ['under SELF where the field says TENANT', '{ plain { id } }', person(ofSelf('mia')), aUser(), 'plain'],
    ['under SELF of another user', '{ own { id } }', person(ofSelf('gina')), aUser(), 'own'],
    ['under PLATFORM where the field says TENANT', '{ plain { id } }', person(PLATFORM), anAdmin(), 'plain'],
    ['under PLATFORM where the field says SELF', '{ own { id } }', person(PLATFORM), anAdmin(), 'own'],
    ['under PLATFORM for anyone but staff', '{ every { id } }', person(PLATFORM), aUser(), 'every'],
    ['under SYSTEM', '{ every { id } }', person(SYSTEM), anAdmin(), 'every'],
    ['and spread into another object', '{ plain { id } }', { ...person(PLATFORM) }, aUser(), 'plain'],
  ])('read %s', async (_how, query, row, caller, path) => {
    const { refusals, lines } = await ask(query, row, caller);
    expect(refusals).toEqual([`NOT_FOUND at ${path}`]);
    const rule = expect.stringMatching(/^(@auth|open)$/);
    expect(lines).toMatchObject([{ level: 'warn', net: 'row', msg: 'refused', rule, code: 'NOT_FOUND' }]);
  });
});

describe('a row of a type without an owner passes', () => {
  it.each([
    ["read under the caller's tenant", '{ plain { id } }', person(inTenant(ACME)), aUser()],
    ['read under SELF where the field says so', '{ own { id } }', person(ofSelf('mia')), aUser()],
    ['read under SELF below such a row', '{ own { friend { id } } }', person(ofSelf('mia')), aUser()],
    [
      'read under PLATFORM by staff where the field says so',
      '{ every { friend { id } } }',
      person(PLATFORM),
      anAdmin(),
    ],
    ['that never was in the store', '{ plain { id } list { id } }', [{ id: 1 }], aUser()],
    ['that never was in the store, in a union', '{ found { __typename } }', [{ __typename: 'Other' }], aUser()],
  ])('%s', async (_how, query, row, caller) => {
    expect((await ask(query, row, caller)).refusals).toEqual([]);
  });
});
