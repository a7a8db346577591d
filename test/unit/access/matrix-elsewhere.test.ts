import { describe, expect, it } from 'vitest';
import { toMatrix } from '../../../src/access/matrix.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import { compile } from './fixtures.ts';

const plan = compile(`
  type Query {
    note: Note @auth @tenantScoped
    own: [Note] @auth @tenantScoped(reach: SELF)
    every: [Note] @auth(groups: ["Admins"]) @tenantScoped(reach: PLATFORM)
    vaults: [Vault] @auth @tenantScoped(reach: SELF)
    me: Person @auth @tenantScoped(reach: SELF)
  }
  type Note @tenantScoped { id: ID  tenantId: ID  secret: ID @auth(groups: ["TenantOwners"])  page: NotePayload }
  type NotePayload { id: ID }
  type Vault @tenantScoped @auth(groups: ["TenantOwners"]) { id: ID  tenantId: ID }
  type Person @auth { id: ID  phone: ID @auth(groups: ["TenantOwners"]) }
`);
const { columns, cells } = toMatrix(plan, REGISTRY);
const cellOf = (coordinate: string, key: string) =>
  cells.get(coordinate)?.[columns.findIndex((column) => column.key === key)];

describe('the matrix on rows of other tenants', () => {
  it.each([
    ['Note.id', 'owner', 'own tenant, own rows'],
    ['Note.page', 'owner', 'own tenant, own rows'],
    ['NotePayload.id', 'owner', 'own tenant, own rows'],
    ['Note.secret', 'owner', 'own tenant'],
    ['Note.secret', 'member', 'no'],
    ['Note.secret', 'platformAdmin', 'no'],
    ['Vault.id', 'owner', 'own tenant'],
    ['Person.id', 'owner', 'own rows'],
    ['Person.phone', 'owner', 'no'],
  ])('gives of %s to an %s: %s', (coordinate, key, cell) => {
    expect(cellOf(coordinate, key)).toBe(cell);
  });
});
