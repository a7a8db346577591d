import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildContract } from '../../../cli/access/contract.ts';
import { checkMatrix, toMatrixFiles, writeMatrix } from '../../../cli/access/matrix-files.ts';
import { MatrixJson } from '../../../cli/access/matrix-json.ts';
import { startProcess } from '../../support/start-process.ts';
import { readFile } from './tree.ts';

const STALE = 'run "npm run access:matrix", read the difference and commit it';

const { plan, registry } = await buildContract({ MODULES: [] });
const computed = toMatrixFiles({ plan, registry });
const json = readFile('docs/access-matrix.json');
const { columns, fields } = MatrixJson.parse(JSON.parse(json));
const page = readFile('docs/access-matrix.md');

describe('docs/access-matrix', () => {
  it('says for machines what the schema says', () => {
    expect(json, STALE).toBe(computed['access-matrix.json']);
  });

  it('says for people what the schema says', () => {
    expect(page, STALE).toBe(computed['access-matrix.md']);
  });

  it('has a line of JSON and a row of a table for every field', () => {
    const coordinates = plan.fields.map(({ coordinate }) => coordinate);
    expect(json.match(/^ {4}"\w+\.\w+": .*\}\},?$/gm)).toHaveLength(coordinates.length);
    expect(page.match(/^\| `\w+` \|/gm)).toHaveLength(coordinates.length);
    expect(Object.keys(fields).sort()).toEqual([...coordinates].sort());
  });

  it('explains every answer that its tables give', () => {
    const given = new Set(
      [...page.matchAll(/^\| `\w+` \| (.*) \|/gm)].flatMap(([, row = '']) => row.split(' | ').slice(0, columns.length)),
    );
    expect([...given].filter((cell) => !page.includes(`\n| ${cell} | `))).toEqual([]);
  });
});

const cellsOf = (field: string) => columns.map((column) => `${column}: ${fields[field]?.cells[column]}`);
const READER = 'machine:tenantry/members.read';

// In the words of the contract, not of the schema.
describe('the matrix says that', () => {
  it.each([
    ['anybody may ask for health', 'Query.health', 'anonymous', 'yes'],
    ['strangers learn nothing of the caller', 'Query.viewer', 'anonymous', 'no'],
    ['every verified caller has a viewer', 'Query.viewer', 'machine', 'yes'],
    ['members read the members of their tenant', 'Query.members', 'member', 'own tenant'],
    ['a user without a tenant does not', 'Query.members', 'noTenant', 'no'],
    ['platform staff do not by being staff', 'Query.members', 'platformAdmin', 'no'],
    ['a machine does with the scope', 'Query.members', READER, 'own tenant'],
    ['a machine does not without', 'Query.members', 'machine', 'no'],
    ['platform staff read any tenant', 'Query.tenant', 'platformAdmin', 'yes'],
    ['an owner reads the own', 'Query.tenant', 'owner', 'own tenant'],
    ['an owner lists no tenants', 'Query.tenants', 'owner', 'no'],
    ['platform staff list them', 'Query.tenants', 'platformAdmin', 'yes'],
    ['platform staff list users', 'Query.users', 'platformAdmin', 'yes'],
    ['an admin lists no users of the platform', 'Query.users', 'admin', 'no'],
    ['a member changes no roles', 'Mutation.changeMemberRole', 'member', 'no'],
    ['an admin does, in the own tenant', 'Mutation.changeMemberRole', 'admin', 'own tenant'],
    ['an owner holds the lower roles too', 'Mutation.removeMember', 'owner', 'own tenant'],
    ['a machine removes nobody', 'Mutation.removeMember', READER, 'no'],
    ['any user makes a tenant', 'Mutation.createTenant', 'noTenant', 'own rows'],
    ['a machine makes none', 'Mutation.createTenant', 'machine', 'no'],
    ['an admin reads the audit trail of the own', 'Query.auditEvents', 'admin', 'own tenant'],
    ['a member does not', 'Query.auditEvents', 'member', 'no'],
    ['platform staff read that of any tenant', 'Query.auditEvents', 'platformAdmin', 'yes'],
    ['a profile is changed by its person', 'Mutation.updateProfile', 'platformAdmin', 'own rows'],
    ['memberships are the own ones', 'Viewer.memberships', 'member', 'own rows'],
    ['a member sees roles in the tenant, and the own elsewhere', 'Membership.role', 'member', 'own tenant, own rows'],
    ['staff see no roles but their own', 'Membership.role', 'platformAdmin', 'own rows'],
    ['the name of a tenant is open to staff', 'Tenant.name', 'platformAdmin', 'yes'],
    ['an e-mail address is seen by fellow members', 'User.email', 'member', 'own tenant, own rows'],
    ['an e-mail address is seen by no machine without the scope', 'User.email', 'machine', 'no'],
    ['a machine with the scope counts the members', 'MembershipConnection.totalCount', READER, 'own tenant'],
  ])('%s', (_truth, field, column, cell) => {
    expect(cellsOf(field)).toContain(`${column}: ${cell}`);
  });

  it('strangers get what is public, and nothing else', () => {
    const open = Object.entries(fields).filter(([, { cells }]) => cells['anonymous'] !== 'no');
    expect(open.map(([name]) => name)).toEqual(['Query.health', 'Health.status']);
  });
});

describe('npm run access:matrix', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenantry-matrix-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const run = (...args: string[]) => startProcess(['cli/access-matrix.ts', ...args], {});
  const plant = (changed: string) => {
    writeFileSync(join(folder, 'access-matrix.json'), changed);
    writeFileSync(join(folder, 'access-matrix.md'), page);
  };

  it('writes both files into a folder it makes', async () => {
    await writeMatrix(join(folder, 'new'), computed);
    expect(readFileSync(join(folder, 'new', 'access-matrix.json'), 'utf8')).toBe(json);
    expect(readFileSync(join(folder, 'new', 'access-matrix.md'), 'utf8')).toBe(page);
  });

  it('prints the JSON alone', async () => {
    expect(await run('--json')).toEqual({ code: 0, errorLines: [], output: json });
  });

  it('ends a check with 1, names the fields that differ and what to run, and writes nothing', async () => {
    const opened = json.replace(/("Query\.users": .*"owner":)"no"/, '$1"yes"').replace(/^ {4}"Tenant\.name".*\n/m, '');
    plant(opened);
    const { code, errorLines } = await run('--check', '--out', folder);
    expect({ code, named: errorLines.slice(1) }).toEqual({ code: 1, named: ['  Query.users', '  Tenant.name'] });
    expect(errorLines[0]).toContain(STALE);
    expect(readFileSync(join(folder, 'access-matrix.json'), 'utf8')).toBe(opened);
  });

  it('is content with what the schema says, and with nothing else', async () => {
    plant(json);
    await expect(checkMatrix(folder, computed)).resolves.toBeUndefined();
    await expect(checkMatrix(folder, { ...computed, 'access-matrix.md': `${page} ` })).rejects.toThrow(STALE);
    await expect(checkMatrix(join(folder, 'nowhere'), computed)).rejects.toThrow(/Query\.health\n.*and \d+ more$/s);
  });
});
