import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projects } from '../../examples/projects/index.ts';
import { toMatrix } from '../../src/access/matrix.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { joinModules } from '../../src/modules/join-modules.ts';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, addUser, type Member, toMachineClaims } from '../support/people.ts';
import { type Answer, type Product, startProduct } from '../support/product.ts';
import { withoutWriting } from '../support/tables.ts';
import { changeUnheard } from '../support/unheard.ts';

const PROJECT = 'project { id tenantId name owner { id } tasks { tenantId title } }';
const CREATE = `mutation ($name: String!, $tasks: [String!]) { createProject(input: { name: $name, tasks: $tasks }) { ${PROJECT} } }`;
const RENAME = `mutation ($id: ID!, $name: String! = "Mine") { renameProject(input: { projectId: $id, name: $name }) { ${PROJECT} } }`;
const MOVE = `mutation ($id: ID!, $to: ID!) { moveProject(input: { projectId: $id, membershipId: $to }) { ${PROJECT} } }`;
const LIST = '{ projects { totalCount nodes { id name tasks { title } } pageInfo { hasNextPage } } }';

let product: Product;
let tenantId: string;
let owner: Member;
let admin: Member;
let member: Member;
/** A member of another tenant, and a project there. */
let stranger: Member;
let foreignId: string;

beforeAll(async () => {
  product = await startProduct({ modules: [projects] });
  tenantId = await addTenant(product);
  owner = await addMember(product, tenantId, 'OWNER');
  admin = await addMember(product, tenantId, 'ADMIN');
  member = await addMember(product, tenantId, 'MEMBER');
  stranger = await addMember(product, await addTenant(product), 'OWNER');
  foreignId = await createProject(stranger.token);
});
afterAll(() => product[Symbol.asyncDispose]());

async function createProject(token: string, name = 'Moon', tasks: string[] = []): Promise<string> {
  const { body } = await product.query(token, CREATE, { name, tasks });
  return body.data.createProject.project.id;
}

const machine = (scope: string) => product.pool.signToken(toMachineClaims(product, { tenant_id: tenantId, scope }));

/** The refusals every one of the verbs has in common. */
const REFUSALS: [string, string, () => Promise<string | null>][] = [
  ['somebody without a token', 'UNAUTHENTICATED', async () => null],
  ['a user without a tenant', 'FORBIDDEN', async () => (await addUser(product)).token],
  ['a machine that may read', 'FORBIDDEN', () => machine('projects/read')],
];
const VERBS: [string, string, (id: string) => object][] = [
  ['createProject', CREATE, () => ({ name: 'Moon' })],
  ['renameProject', RENAME, (id) => ({ id })],
  ['moveProject', MOVE, (id) => ({ id, to: admin.membershipId })],
];

describe.each(VERBS)('Mutation.%s', (_name, query, toVariables) => {
  it.each(REFUSALS)('does nothing for %s', async (_who, code, sign) => {
    const id = await createProject(owner.token);
    const token = await sign();
    const answer = await withoutWriting(product, () => product.query(token, query, toVariables(id)));
    expect(codesOf(answer)).toEqual([code]);
  });

  it('does nothing for a member who was removed, where that was not heard yet', async () => {
    const leaver = await addMember(product, tenantId, 'ADMIN');
    const id = await createProject(leaver.token);
    await changeUnheard(product, 'delete from memberships where id = $1', [leaver.membershipId]);
    expect(codesOf(await product.query(leaver.token, query, toVariables(id)))).toEqual(['FORBIDDEN']);
  });

  it('does nothing in a suspended tenant', async () => {
    const lonely = await addMember(product, await addTenant(product), 'OWNER');
    const id = await createProject(lonely.token);
    await product.sql(`update tenants set status = 'SUSPENDED' where id = $1`, [lonely.tenantId]);
    expect(codesOf(await product.query(lonely.token, query, toVariables(id)))).toEqual(['TENANT_SUSPENDED']);
  });
});

describe('Mutation.createProject', () => {
  it('makes a project with its tasks, owned by the caller', async () => {
    const { body } = await product.query(member.token, CREATE, { name: ' Moon ', tasks: ['Fuel', 'Launch'] });
    expect(body.data.createProject.project).toMatchObject({
      tenantId,
      name: 'Moon',
      owner: { id: member.membershipId },
      tasks: [
        { tenantId, title: 'Fuel' },
        { tenantId, title: 'Launch' },
      ],
    });
  });

  it.each([
    ['an empty name', { name: ' ' }, 'The name must not be empty.'],
    ['an empty task', { name: 'Moon', tasks: [''] }, 'A task must not be empty.'],
    ['too many tasks', { name: 'Moon', tasks: Array(101).fill('Fuel') }, 'A project has at most 100 tasks.'],
  ])('refuses %s and says so', async (_what, input, message) => {
    const answer = await withoutWriting(product, () => product.query(member.token, CREATE, input));
    expect(answer.body.errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('Mutation.renameProject', () => {
  it('gives a project another name', async () => {
    const id = await createProject(owner.token);
    const { body } = await product.query(member.token, RENAME, { id, name: 'Mars' });
    expect(body.data.renameProject.project).toMatchObject({ id, name: 'Mars' });
  });
});

describe('Mutation.moveProject', () => {
  it('hands a project to another member', async () => {
    const id = await createProject(owner.token);
    const { body } = await product.query(admin.token, MOVE, { id, to: member.membershipId });
    expect(body.data.moveProject.project).toMatchObject({ id, owner: { id: member.membershipId } });
  });

  it('is for admins', async () => {
    const id = await createProject(member.token);
    const move = () => product.query(member.token, MOVE, { id, to: member.membershipId });
    expect(codesOf(await withoutWriting(product, move))).toEqual(['FORBIDDEN']);
  });

  it("answers NOT_FOUND to another tenant's member, as to one nobody knows", async () => {
    const id = await createProject(owner.token);
    await expectSame((to) => product.query(admin.token, MOVE, { id, to }, FIXED), stranger.membershipId);
  });
});

const FIXED = { 'x-request-id': 'same-for-both' };

async function expectSame(ask: (id: string) => Promise<Answer>, foreign: string): Promise<void> {
  const theirs = await withoutWriting(product, () => ask(foreign));
  const nobodys = await ask(randomUUID());
  expect(codesOf(theirs)).toEqual(['NOT_FOUND']);
  expect([theirs.status, theirs.text]).toEqual([nobodys.status, nobodys.text]);
}

describe("another tenant's project", () => {
  it.each([
    ['project', 'query ($id: ID!) { project(id: $id) { name } }'],
    ['renameProject', RENAME],
    ['moveProject', MOVE],
  ])('is answered by %s like one nobody knows', (_name, query) =>
    expectSame((id) => product.query(admin.token, query, { id, to: admin.membershipId }, FIXED), foreignId),
  );

  it('is on no page and in no count', async () => {
    const { body } = await product.query(stranger.token, LIST);
    expect(body.data.projects).toMatchObject({ totalCount: 1, nodes: [{ id: foreignId }] });
  });
});

describe('Query.projects', () => {
  it('answers a machine with the scope', async () => {
    const { body } = await product.query(await machine('projects/read'), LIST);
    expect(body.data.projects.totalCount).toBeGreaterThan(0);
  });

  it('is closed to a machine with another scope', async () => {
    expect(codesOf(await product.query(await machine('tenantry/members.read'), LIST))).toEqual(['FORBIDDEN']);
  });

  it('reads the tasks of a page at once', async () => {
    const tenant = await addMember(product, await addTenant(product), 'OWNER');
    for (const name of ['Moon', 'Mars', 'Io']) await createProject(tenant.token, name, [`${name} task`]);
    const { body } = await product.query(tenant.token, LIST);
    const shown = body.data.projects.nodes.map((node: { name: string; tasks: object[] }) => [node.name, node.tasks]);
    expect(shown).toEqual(['Moon', 'Mars', 'Io'].map((name) => [name, [{ title: `${name} task` }]]));
  });
});

describe('the audit trail', () => {
  it('keeps every verb with its actor, in the transaction it tells of', async () => {
    const id = await createProject(owner.token, 'Moon', ['Fuel']);
    await product.query(owner.token, RENAME, { id, name: 'Mars' });
    const events = await product.sql(
      `select action, actor_id as "actorId", tenant_id as "tenantId", changes from audit_events where target_id = $1 order by id`,
      [id],
    );
    const common = { actorId: owner.sub, tenantId };
    expect(events).toEqual([
      { ...common, action: 'project.create', changes: { tasks: 1 } },
      { ...common, action: 'project.rename', changes: null },
    ]);
  });
});

describe('a project whose owner left the tenant', () => {
  it('stays, and has none', async () => {
    const leaver = await addMember(product, tenantId, 'MEMBER');
    const id = await createProject(leaver.token);
    const REMOVE = 'mutation ($id: ID!) { removeMember(input: { membershipId: $id }) { membership { id } } }';
    expect(codesOf(await product.query(owner.token, REMOVE, { id: leaver.membershipId }))).toEqual([]);
    const { body } = await product.query(owner.token, 'query ($id: ID!) { project(id: $id) { owner { id } } }', { id });
    expect(body).toEqual({ data: { project: { owner: null } } });
  });
});

describe('the limits', () => {
  it('count lists within lists', async () => {
    const wide = '{ projects(first: 100) { nodes { tasks { id tenantId title } owner { user { email } } } } }';
    expect(codesOf(await product.query(owner.token, wide))).toEqual(['OPERATION_LIMIT_EXCEEDED']);
  });

  it('hold a page to its size', async () => {
    const answer = await product.query(owner.token, '{ projects(first: 101) { nodes { id } } }');
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('the access matrix', () => {
  it('has the module in it, with a column for its scope', () => {
    const joined = joinModules([projects]).schema;
    const { columns, cells } = toMatrix(buildSchema(joined).plan, joined.registry);
    const of = (coordinate: string, column: string) =>
      cells.get(coordinate)?.[columns.findIndex(({ key }) => key === column)];
    expect(of('Query.projects', 'machine:projects/read')).toBe('own tenant');
    expect(of('Query.projects', 'machine')).toBe('no');
    expect(of('Mutation.moveProject', 'member')).toBe('no');
    expect(of('Mutation.moveProject', 'admin')).toBe('own tenant');
  });
});
