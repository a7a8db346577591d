import { describe, expect, it } from 'vitest';
import { toMatrix } from '../../../src/access/matrix.ts';
import { REGISTRY, type Registry } from '../../../src/access/registry.ts';
import { compile } from './fixtures.ts';

/** The cells of one field, by column. */
const cellsOf = (sdl: string, coordinate: string, registry: Registry = REGISTRY) => {
  const { columns, cells } = toMatrix(compile(sdl, registry), registry);
  return Object.fromEntries(columns.map(({ key }, at) => [key, cells.get(coordinate)?.[at]]));
};

const NOTE = 'type Note @tenantScoped { tenantId: ID! text: String }';

describe('a cell reads "yes"', () => {
  it('for everybody where a field is public', () => {
    expect(new Set(Object.values(cellsOf('type Query { a: Int @public }', 'Query.a')))).toEqual(new Set(['yes']));
  });

  it('for platform staff alone below a field that reaches across tenants', () => {
    const sdl = `type Query { note(id: ID): Note @auth @tenantScoped(argument: "id", reach: PLATFORM) } ${NOTE}`;
    expect(cellsOf(sdl, 'Note.text')).toMatchObject({
      platformAdmin: 'yes',
      owner: 'own tenant',
      machine: 'own tenant',
    });
  });

  it('for platform staff who name a tenant inside an input', () => {
    const sdl = `type Query { a: Int @public } input I { of: Of } input Of { tenantId: ID }
      type Mutation { close(input: I): Int @auth @tenantScoped(argument: "input.of.tenantId", reach: PLATFORM) }`;
    expect(cellsOf(sdl, 'Mutation.close')).toMatchObject({ platformAdmin: 'yes', noTenant: 'no', owner: 'own tenant' });
  });

  it('for a mutation that answers with a plain value', () => {
    const sdl = 'type Query { a: Int @public } type Mutation { ping: Int @auth }';
    expect(cellsOf(sdl, 'Mutation.ping')).toMatchObject({ anonymous: 'no', member: 'yes', machine: 'yes' });
  });

  it('for a value on no row, by its rule', () => {
    const sdl = 'type Query { me: Me @auth } type Me @auth { name: String code: Int @auth(groups: ["TenantOwners"]) }';
    expect(cellsOf(sdl, 'Me.name')).toMatchObject({ anonymous: 'no', member: 'yes', machine: 'yes' });
    expect(cellsOf(sdl, 'Me.code')).toMatchObject({ admin: 'no', owner: 'yes', platformAdmin: 'no', machine: 'no' });
  });
});

describe('a cell reads "own tenant"', () => {
  it('where nothing on the way to a row says more', () => {
    const sdl = `type Query { note: Note @auth notes: NoteConnection @auth } ${NOTE} type NoteConnection { nodes: [Note] }`;
    for (const coordinate of ['Query.note', 'Query.notes', 'NoteConnection.nodes', 'Note.text']) {
      expect(cellsOf(sdl, coordinate)).toMatchObject({ anonymous: 'no', member: 'own tenant', machine: 'own tenant' });
    }
  });

  it('where a payload holds a row beside plain values', () => {
    const sdl = `type Query { a: Int @public } type Mutation { make: NotePayload @auth } type NotePayload { count: Int note: Note } ${NOTE}`;
    expect(cellsOf(sdl, 'Mutation.make')).toMatchObject({ member: 'own tenant' });
    expect(cellsOf(sdl, 'Note.text')).toMatchObject({ member: 'own tenant', noTenant: 'no' });
  });

  it('of what hangs on a row, though it is no row of a tenant itself', () => {
    const sdl = `type Query { notes: [Note] @auth @tenantScoped } type Note @tenantScoped { tenantId: ID! by: Person }
      type Person @auth { name: String }`;
    expect(cellsOf(sdl, 'Person.name')).toMatchObject({ member: 'own tenant', noTenant: 'no', platformAdmin: 'no' });
  });

  it('for nobody without a tenant', () => {
    const sdl = `type Query { notes: [Note] @auth @tenantScoped } ${NOTE}`;
    expect(cellsOf(sdl, 'Query.notes')).toMatchObject({ noTenant: 'no', platformAdmin: 'no', member: 'own tenant' });
  });
});

describe('a cell reads "own rows"', () => {
  const sdl = `type Query { mine: [Note!] @auth @tenantScoped(reach: SELF) } ${NOTE}`;

  it('below a field of that reach, with a tenant or without', () => {
    expect(cellsOf(sdl, 'Note.text')).toMatchObject({
      member: 'own rows',
      noTenant: 'own rows',
      platformAdmin: 'own rows',
    });
  });

  it('for a machine at the field alone: it is refused nothing, and has none', () => {
    expect([cellsOf(sdl, 'Query.mine')['machine'], cellsOf(sdl, 'Note.text')['machine']]).toEqual(['own rows', 'no']);
  });

  it('below reach PLATFORM without an argument, for people who are not staff', () => {
    const make = `type Query { a: Int @public } type Mutation { make: NotePayload @auth @tenantScoped(reach: PLATFORM) }
      type NotePayload { note: Note } ${NOTE}`;
    expect(cellsOf(make, 'Note.text')).toMatchObject({
      owner: 'own rows',
      platformAdmin: 'yes',
      machine: 'own tenant',
    });
  });

  it('beside "own tenant" where both paths lead there', () => {
    const both = `type Query { notes: [Note] @auth @tenantScoped mine: [Note!] @auth @tenantScoped(reach: SELF) } ${NOTE}`;
    expect(cellsOf(both, 'Note.text')).toMatchObject({ member: 'own tenant, own rows', noTenant: 'own rows' });
  });
});

describe('a cell reads "step-up"', () => {
  const sdl = `type Query { a: Int @public  notes: [Note] @auth(groups: ["TenantOwners"]) @tenantScoped }
    type Mutation { drop: NotePayload @auth(groups: ["TenantOwners"], maxAuthAgeSeconds: 900) @tenantScoped
      lock: LockPayload @auth(groups: ["TenantOwners"], mfa: true) @tenantScoped }
    type NotePayload { note: Note count: Int }  type LockPayload { lock: Lock }  type Lock @auth { name: String } ${NOTE}`;

  it('where a fresh or stronger sign-in is all that is missing', () => {
    expect(cellsOf(sdl, 'Mutation.drop')).toMatchObject({ owner: 'step-up', admin: 'no', machine: 'no' });
    expect(cellsOf(sdl, 'Mutation.lock')).toMatchObject({ owner: 'step-up', admin: 'no', anonymous: 'no' });
  });

  it('for the members of a union that ask for it, and for all below them', () => {
    const union = `type Query { any: [U] @auth } union U = A | B type A @auth { x: Int }
      type B @auth(mfa: true) { notes: [Note] @tenantScoped } ${NOTE}`;
    expect([cellsOf(union, 'A.x')['owner'], cellsOf(union, 'B.notes')['owner']]).toEqual(['yes', 'step-up']);
    expect(cellsOf(union, 'Note.text')).toMatchObject({ owner: 'step-up', machine: 'no' });
  });

  it('below it, unless another path needs none', () => {
    expect(cellsOf(sdl, 'NotePayload.count')['owner']).toBe('step-up');
    expect(cellsOf(sdl, 'Lock.name')['owner']).toBe('step-up');
    expect(cellsOf(sdl, 'Note.text')['owner']).toBe('own tenant');
  });
});

describe('a cell reads "no"', () => {
  it('to strangers on a page, and for what a page that holds itself has no rows of', () => {
    const sdl = `type Query { a: APayload @auth } type APayload { a: APayload  b: B } type B @auth { x: Int }`;
    expect(cellsOf(sdl, 'B.x')).toMatchObject({ anonymous: 'no', member: 'yes', noTenant: 'yes' });
  });

  it('for a type no path leads to, whatever its own rule', () => {
    const sdl = `type Query { a: A @auth(groups: ["Admins"]) } type A @auth { b: B } type B @auth { x: Int }
      type Lost @auth { x: Int }`;
    expect(cellsOf(sdl, 'B.x')).toMatchObject({ platformAdmin: 'yes', owner: 'no' });
    expect(new Set(Object.values(cellsOf(sdl, 'Lost.x')))).toEqual(new Set(['no']));
  });

  it('for the members of a union that a caller may not read', () => {
    const sdl = `type Query { any: [U] @auth } union U = A | B type A @auth { x: Int } type B @auth(groups: ["Admins"]) { x: Int }`;
    expect([cellsOf(sdl, 'A.x')['member'], cellsOf(sdl, 'B.x')['member']]).toEqual(['yes', 'no']);
  });

  it('for an argument that must name a tenant, to who has none', () => {
    const sdl = `type Query { a(input: I): Int @auth @tenantScoped(argument: "input.tenantId") } input I { tenantId: ID }`;
    expect(cellsOf(sdl, 'Query.a')).toMatchObject({ noTenant: 'no', member: 'own tenant', platformAdmin: 'no' });
  });
});

describe('the columns', () => {
  it('are named for people', () => {
    const registry = { ...REGISTRY, groups: [...REGISTRY.groups, 'Auditors'] };
    expect(toMatrix(compile('type Query { a: Int @public }'), registry).columns.map(({ title }) => title)).toEqual([
      'anonymous',
      'user without a tenant',
      'member',
      'admin',
      'owner',
      'member in Auditors',
      'platform admin',
      'machine',
      'machine with tenantry/members.read',
    ]);
  });

  it('hold every user to be in Users, and a machine to be in nothing', () => {
    const users = cellsOf('type Query { a: Int @auth(groups: ["Users"]) }', 'Query.a');
    expect(Object.keys(users).filter((key) => users[key] === 'yes')).toEqual([
      'noTenant',
      'member',
      'admin',
      'owner',
      'platformAdmin',
    ]);
  });

  it("grow with a team's own groups and scopes", () => {
    const registry = { ...REGISTRY, groups: [...REGISTRY.groups, 'Auditors'], scopes: ['notes/read', 'notes/write'] };
    const sdl = 'type Query { a: Int @auth(groups: ["Auditors"]) @auth(scopes: ["notes/write"]) }';
    expect(cellsOf(sdl, 'Query.a', registry)).toEqual({
      anonymous: 'no',
      noTenant: 'no',
      member: 'no',
      admin: 'no',
      owner: 'no',
      'member:Auditors': 'yes',
      platformAdmin: 'no',
      machine: 'no',
      'machine:notes/read': 'no',
      'machine:notes/write': 'yes',
    });
  });
});
