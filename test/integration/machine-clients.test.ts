import { randomUUID } from 'node:crypto';
import {
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  paginateListUserPoolClients,
  type UserPoolClientDescription,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestToken, SCOPE, toBasic } from '../local/machine-kit.ts';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, type Member, toMachineClaims } from '../support/people.ts';
import type { Answer, Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';
import { changeTenantUnheard, changeUnheard } from '../support/unheard.ts';

const CLIENT = 'machineClient { id tenantId name scopes createdAt }';
const MUTATIONS = {
  create: `mutation ($name: String!, $scopes: [String!]!) {
    createMachineClient(input: { name: $name, scopes: $scopes }) { ${CLIENT} clientSecret } }`,
  rotate: `mutation ($id: ID!) { rotateMachineClientSecret(input: { id: $id }) { ${CLIENT} clientSecret } }`,
  retire: `mutation ($id: ID!, $keep: SecretAge = NEWEST) {
    retireMachineClientSecret(input: { id: $id, keep: $keep }) { ${CLIENT} } }`,
  remove: `mutation ($id: ID!) { deleteMachineClient(input: { id: $id }) { ${CLIENT} } }`,
};

let product: Product;
let owner: Member;
let admin: Member;
let tenantId: string;

beforeAll(async () => {
  product = await getSharedProduct();
});
beforeEach(async () => {
  tenantId = await addTenant(product);
  [owner, admin] = [await addMember(product, tenantId, 'OWNER'), await addMember(product, tenantId, 'ADMIN')];
});

type Actor = Pick<Member, 'token'>;
type Machine = { readonly id: string; readonly secret: string };

const act = ({ token }: Actor, mutation: keyof typeof MUTATIONS, variables: object) =>
  product.query(token, MUTATIONS[mutation], variables);
const create = (actor: Actor, input: object = {}) =>
  act(actor, 'create', { name: 'Nightly', scopes: [SCOPE], ...input });
const rotate = (actor: Actor, { id }: Pick<Machine, 'id'>) => act(actor, 'rotate', { id });
const retire = (actor: Actor, { id }: Pick<Machine, 'id'>, keep = 'NEWEST') => act(actor, 'retire', { id, keep });
const remove = (actor: Actor, { id }: Pick<Machine, 'id'>) => act(actor, 'remove', { id });

async function createMachine(actor: Actor = owner): Promise<Machine> {
  const { machineClient, clientSecret } = (await create(actor)).body.data.createMachineClient;
  return { id: machineClient.id, secret: clientSecret };
}
const secretOf = (answer: Answer): string => answer.body.data.rotateMachineClientSecret.clientSecret;
const tokenOf = async (machine: Machine): Promise<string | undefined> =>
  (await requestToken(product, { grant_type: 'client_credentials' }, toBasic(machine))).body.access_token;
const isGood = async ({ id }: Machine, secret: string) => (await tokenOf({ id, secret })) !== undefined;
const listed = async ({ token }: Actor) => (await product.query(token, '{ machineClients { id name } }')).body.data;
const auditOf = () =>
  product.sql<{ readonly action: string }>(
    `select action, actor_id, target_id, changes from audit_events
     where tenant_id = $1 and outcome = 'ALLOWED' order by id`,
    [tenantId],
  );
const ofPool = async () => {
  const clients: UserPoolClientDescription[] = [];
  const pages = paginateListUserPoolClients(
    { client: product.sdk },
    { UserPoolId: product.pool.poolId, MaxResults: 60 },
  );
  for await (const { UserPoolClients = [] } of pages) clients.push(...UserPoolClients);
  return clients.filter(({ ClientName }) => ClientName === `tenantry-machine-${tenantId}`);
};

async function expectRefused(code: string, ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await withoutWriting(product, ask);
  expect(codesOf(answer)).toEqual([code]);
  return answer;
}

describe('Mutation.createMachineClient', () => {
  it('makes a client and shows its secret, once and nowhere else', async () => {
    const { body } = await create(owner, { name: ' Nightly ' });
    const { machineClient, clientSecret } = body.data.createMachineClient;
    expect(machineClient).toMatchObject({ tenantId, name: 'Nightly', scopes: [SCOPE] });
    expect(await listed(owner)).toEqual({ machineClients: [{ id: machineClient.id, name: 'Nightly' }] });
    const rows = await product.sql('select to_jsonb(c) from app_clients c where tenant_id = $1', [tenantId]);
    expect(JSON.stringify([rows, await auditOf()])).not.toContain(clientSecret);
  });

  it('makes it at the pool for client_credentials alone, under no word of the customer', async () => {
    const { id: ClientId } = await createMachine();
    const { UserPoolClient } = await product.sdk.send(
      new DescribeUserPoolClientCommand({ UserPoolId: product.pool.poolId, ClientId }),
    );
    expect(UserPoolClient).toMatchObject({
      ClientName: `tenantry-machine-${tenantId}`,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: [SCOPE],
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    });
  });

  it('writes who made what, without its name', async () => {
    const { id } = await createMachine();
    expect(await auditOf()).toEqual([
      { action: 'machine-client.create', actor_id: owner.sub, target_id: id, changes: { scopes: [SCOPE] } },
    ]);
  });

  it.each([
    ['no scope', { scopes: [] }],
    ['an unknown scope', { scopes: [SCOPE, 'tenantry/rule'] }],
    ['a scope of people', { scopes: ['aws.cognito.signin.user.admin'] }],
    ['an empty name', { name: ' ' }],
  ])('answers BAD_USER_INPUT to %s', async (_, input) => {
    await expectRefused('BAD_USER_INPUT', () => create(owner, input));
  });

  it('makes the twentieth of two who ask at once, and takes the other back from the pool', async () => {
    await product.sql(
      `insert into app_clients (client_id, tenant_id, name, kind)
       select 'x' || n || replace($1, '-', ''), $1::uuid, 'X', 'MACHINE' from generate_series(1, 19) n`,
      [tenantId],
    );
    const answers = await Promise.all([create(owner), create(owner)]);
    expect(answers.flatMap(codesOf)).toEqual(['CONFLICT']);
    expect(await ofPool()).toHaveLength(1);
    await expectRefused('CONFLICT', () => create(owner));
  });

  it('leaves nothing at the pool of an owner who is one no more', async () => {
    await changeUnheard(product, `update memberships set role = 'MEMBER' where id = $1`, [owner.membershipId]);
    await expectRefused('FORBIDDEN', () => create(owner));
    expect(await ofPool()).toEqual([]);
  });
});

describe('a token of a machine', () => {
  const MEMBERS = '{ members { totalCount nodes { tenantId } } }';

  it('reads with its scope what belongs to its tenant, and nothing of another', async () => {
    const token = (await tokenOf(await createMachine())) ?? '';
    const foreign = await addMember(product, await addTenant(product), 'MEMBER');
    const { body } = await product.query(token, MEMBERS);
    expect(body.data.members).toEqual({ totalCount: 2, nodes: [{ tenantId }, { tenantId }] });
    const other = await product.query(token, 'query ($id: ID!) { member(id: $id) { id } }', {
      id: foreign.membershipId,
    });
    expect([other.body.data, codesOf(other)]).toEqual([{ member: null }, ['NOT_FOUND']]);
  });

  it('says what it is', async () => {
    const machine = await createMachine();
    const token = (await tokenOf(machine)) ?? '';
    const { body } = await product.query(token, '{ viewer { sub kind groups scopes tenantId } }');
    expect(body.data.viewer).toEqual({ sub: machine.id, kind: 'MACHINE', groups: [], scopes: [SCOPE], tenantId });
  });

  it('manages no machines', async () => {
    const token = (await tokenOf(await createMachine())) ?? '';
    await expectRefused('FORBIDDEN', () => create({ token }));
  });
});

describe('Mutation.rotateMachineClientSecret', () => {
  it('adds a secret beside the first: both are good', async () => {
    const machine = await createMachine();
    const added = secretOf(await rotate(owner, machine));
    expect([await isGood(machine, machine.secret), await isGood(machine, added)]).toEqual([true, true]);
    expect((await auditOf()).map(({ action }) => action)).toEqual([
      'machine-client.create',
      'machine-client.rotate-secret',
    ]);
  });

  it('takes none away for a third: CONFLICT, and both stay good', async () => {
    const machine = await createMachine();
    const added = secretOf(await rotate(owner, machine));
    await expectRefused('CONFLICT', () => rotate(owner, machine));
    expect([await isGood(machine, machine.secret), await isGood(machine, added)]).toEqual([true, true]);
  });

  it('gives one secret to two who ask at once', async () => {
    const machine = await createMachine();
    const answers = await Promise.all([rotate(owner, machine), rotate(owner, machine)]);
    expect(answers.flatMap(codesOf)).toEqual(['CONFLICT']);
    expect((await auditOf()).filter(({ action }) => action === 'machine-client.rotate-secret')).toHaveLength(1);
  });

  it('takes the new secret back when its tenant was suspended meanwhile', async () => {
    const machine = await createMachine();
    await changeTenantUnheard(product, `update tenants set status = 'SUSPENDED' where id = $1`, [tenantId]);
    await expectRefused('TENANT_SUSPENDED', () => rotate(owner, machine));
    await changeTenantUnheard(product, `update tenants set status = 'ACTIVE' where id = $1`, [tenantId]);
    expect(codesOf(await rotate(owner, machine))).toEqual([]);
  });

  it('gives no secret that outlives a deletion beside it', async () => {
    const machine = await createMachine();
    const [rotated, removed] = await Promise.all([rotate(owner, machine), remove(owner, machine)]);
    expect(codesOf(removed)).toEqual([]);
    const added = codesOf(rotated).length === 0 ? secretOf(rotated) : machine.secret;
    expect([await isGood(machine, added), await ofPool()]).toEqual([false, []]);
  });
});

describe('Mutation.retireMachineClientSecret', () => {
  it('ends the older of two secrets, and may be repeated', async () => {
    const machine = await createMachine();
    const added = secretOf(await rotate(owner, machine));
    await retire(owner, machine);
    expect([await isGood(machine, machine.secret), await isGood(machine, added)]).toEqual([false, true]);
    expect(codesOf(await withoutWriting(product, () => retire(owner, machine)))).toEqual([]);
    expect(await isGood(machine, added)).toBe(true);
  });

  it('ends the newer where its answer was lost, and makes room for another', async () => {
    const machine = await createMachine();
    const lost = secretOf(await rotate(owner, machine));
    await retire(owner, machine, 'OLDEST');
    expect([await isGood(machine, machine.secret), await isGood(machine, lost)]).toEqual([true, false]);
    expect(codesOf(await rotate(owner, machine))).toEqual([]);
  });
});

describe('Mutation.deleteMachineClient', () => {
  it('ends every token at once on this node, and the client at the pool', async () => {
    const machine = await createMachine();
    const token = (await tokenOf(machine)) ?? '';
    expect((await product.query(token, '{ viewer { sub } }')).status).toBe(200);
    const { body } = await remove(owner, machine);
    expect(body.data.deleteMachineClient.machineClient).toMatchObject({ id: machine.id, name: 'Nightly' });
    expect((await product.query(token, '{ viewer { sub } }')).status).toBe(401);
    expect([await listed(owner), await ofPool()]).toEqual([{ machineClients: [] }, []]);
  });

  it('answers NOT_FOUND to all but one who delete it at once, and writes it once', async () => {
    const machine = await createMachine();
    const answers = await Promise.all([1, 2, 3].map(() => remove(owner, machine)));
    expect(answers.flatMap(codesOf)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect((await auditOf()).filter(({ action }) => action === 'machine-client.delete')).toHaveLength(1);
  });

  it('is done also where the pool has forgotten the client before', async () => {
    const machine = await createMachine();
    const gone = { UserPoolId: product.pool.poolId, ClientId: machine.id };
    await product.sdk.send(new DeleteUserPoolClientCommand(gone));
    expect(codesOf(await remove(owner, machine))).toEqual([]);
  });
});

describe('Query.machineClients', () => {
  it('shows an owner those of his tenant alone', async () => {
    const { id } = await createMachine();
    const other = await addMember(product, await addTenant(product), 'OWNER');
    await createMachine(other);
    expect(await listed(owner)).toEqual({ machineClients: [{ id, name: 'Nightly' }] });
  });

  it('is FORBIDDEN to an admin', async () => {
    const answer = await product.query(admin.token, '{ machineClients { id } }');
    expect([answer.body.data, codesOf(answer)]).toEqual([{ machineClients: null }, ['FORBIDDEN']]);
  });
});

const ALL = [
  ['createMachineClient', (actor: Actor) => create(actor)],
  ['rotateMachineClientSecret', rotate],
  ['retireMachineClientSecret', retire],
  ['deleteMachineClient', remove],
] as const;

describe.each(ALL)('Mutation.%s', (_, ask) => {
  it('answers 401 to nobody', async () => {
    const machine = await createMachine();
    expect((await withoutWriting(product, () => ask({ token: '' }, machine))).status).toBe(401);
  });

  it('answers FORBIDDEN to an admin, and has no data', async () => {
    const machine = await createMachine();
    expect((await expectRefused('FORBIDDEN', () => ask(admin, machine))).body).not.toHaveProperty('data');
  });

  it('answers FORBIDDEN to a machine, whatever it carries', async () => {
    const claims = { tenant_id: tenantId, tenant_role: 'OWNER', 'cognito:groups': ['TenantOwners'] };
    const token = await product.pool.signToken(toMachineClaims(product, claims));
    const machine = await createMachine();
    await expectRefused('FORBIDDEN', () => ask({ token }, machine));
  });
});

describe.each([
  ['createMachineClient', (actor: Actor) => create(actor)],
  ['retireMachineClientSecret', retire],
  ['deleteMachineClient', remove],
] as const)('Mutation.%s', (_, ask) => {
  it('answers TENANT_SUSPENDED where the tenant is suspended', async () => {
    const machine = await createMachine();
    await rotate(owner, machine);
    await product.sql(`update tenants set status = 'SUSPENDED' where id = $1`, [tenantId]);
    await expectRefused('TENANT_SUSPENDED', () => ask(owner, machine));
  });
});

describe.each(ALL.slice(1))('Mutation.%s', (_, ask) => {
  it("answers NOT_FOUND for another tenant's client, which stays as it was", async () => {
    const other = await addMember(product, await addTenant(product), 'OWNER');
    const machine = await createMachine(other);
    await expectRefused('NOT_FOUND', () => ask(owner, machine));
    expect(await isGood(machine, machine.secret)).toBe(true);
  });

  it.each([randomUUID(), '', 'x', 'tenantrylocal0123456789abc', "' or true --", 'a\0b'])(
    'answers NOT_FOUND for the id %j',
    async (id) => {
      await expectRefused('NOT_FOUND', () => ask(owner, { id }));
    },
  );

  it('answers NOT_FOUND for a client that was deleted', async () => {
    const machine = await createMachine();
    await remove(owner, machine);
    await expectRefused('NOT_FOUND', () => ask(owner, machine));
  });
});
