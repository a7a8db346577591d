import { randomUUID } from 'node:crypto';
import { CreateUserPoolClientCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { codesOf } from '../support/answers.ts';
import { addMember, addTenant, type Member, toMachineClaims, toUserClaims } from '../support/people.ts';
import type { Product } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { withoutWriting } from '../support/tables.ts';

const MUTATIONS = {
  bindAppClient: 'mutation ($input: BindAppClientInput!) { bindAppClient(input: $input) { tenant { id } } }',
  unbindAppClient: 'mutation ($input: UnbindAppClientInput!) { unbindAppClient(input: $input) { tenant { id } } }',
};

type Name = keyof typeof MUTATIONS;

let product: Product;
let root: string;
let owner: Member;
let clientId: string;

beforeAll(async () => {
  product = await getSharedProduct();
  root = await product.tokenOf('root@tenantry.test');
});
beforeEach(async () => {
  owner = await addMember(product, await addTenant(product), 'OWNER');
  clientId = randomUUID().replaceAll('-', '');
});

const toInput = (name: Name, more: object = {}) => ({
  tenantId: owner.tenantId,
  clientId,
  ...(name === 'bindAppClient' && { name: 'Web of one' }),
  ...more,
});
const ask = (name: Name, token: string | null = root, more: object = {}) =>
  product.query(token, MUTATIONS[name], { input: toInput(name, more) });
const bind = (more?: object) => ask('bindAppClient', root, more);
const unbind = (more?: object) => ask('unbindAppClient', root, more);

async function refused(code: string, act: () => ReturnType<typeof ask>): Promise<void> {
  expect(codesOf(await withoutWriting(product, act))).toEqual([code]);
}

/** The status of a request with a token of the client. */
async function statusOf(tenantId: string | undefined): Promise<number> {
  const claims = { client_id: clientId, tenant_id: tenantId, tenant_role: tenantId && 'OWNER' };
  const token = await product.pool.signToken(toUserClaims(product, owner.sub, claims));
  return (await product.query(token, '{ viewer { sub } }')).status;
}

async function signInThrough(ClientId: string): Promise<string> {
  const AuthParameters = { USERNAME: 'mia@acme.test', PASSWORD: DEMO_PASSWORD };
  const command = new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
  return product.sdk.send(command).then(
    () => 'signed in',
    (error: Error) => error.message,
  );
}

/** Makes of the client that is bound elsewhere a machine of this tenant. */
const makeMachine = () =>
  product.sql(`update app_clients set kind = 'MACHINE', tenant_id = $2 where client_id = $1`, [
    clientId,
    owner.tenantId,
  ]);

const eventsOf = () =>
  product.sql('select action, target_id from audit_events where tenant_id = $1 order by id', [owner.tenantId]);

describe('Mutation.bindAppClient', () => {
  it('has its tokens accepted for the tenant alone, at once, and audits it', async () => {
    expect(await statusOf(owner.tenantId)).toBe(401);
    expect((await bind()).body.data.bindAppClient.tenant).toEqual({ id: owner.tenantId });
    expect([await statusOf(owner.tenantId), await statusOf(undefined), await statusOf(randomUUID())]).toEqual([
      200, 401, 401,
    ]);
    expect(await eventsOf()).toEqual([{ action: 'app-client.bind', target_id: clientId }]);
  });

  it('leaves one that is bound as it is', async () => {
    await bind();
    expect(codesOf(await withoutWriting(product, bind))).toEqual([]);
  });

  it('answers CONFLICT for a client of another tenant, bound or not any more, and for a machine', async () => {
    await bind({ tenantId: await addTenant(product) });
    await refused('CONFLICT', bind);
    await product.sql('update app_clients set ended_at = now() where client_id = $1', [clientId]);
    await refused('CONFLICT', bind);
    await makeMachine();
    await refused('CONFLICT', bind);
  });

  it('answers CONFLICT for the client that serves every tenant', async () => {
    await refused('CONFLICT', () => bind({ clientId: product.pool.clientId }));
  });

  it.each([{ clientId: '' }, { clientId: 'a b' }, { clientId: 'c'.repeat(129) }, { name: ' ' }])(
    'answers BAD_USER_INPUT to %j',
    async (more) => {
      await refused('BAD_USER_INPUT', () => bind(more));
    },
  );

  it('binds to one of two tenants that are named at the same moment', async () => {
    for (let round = 0; round < 6; round += 1) {
      clientId = randomUUID().replaceAll('-', '');
      const others = [await addTenant(product), await addTenant(product)];
      const answers = await Promise.all(others.map((tenantId) => bind({ tenantId })));
      expect(answers.flatMap(codesOf)).toEqual(['CONFLICT']);
    }
  });
});

describe('Mutation.unbindAppClient', () => {
  it('has its tokens accepted no more, at once, until it is bound again', async () => {
    await bind();
    expect((await unbind()).body.data.unbindAppClient.tenant).toEqual({ id: owner.tenantId });
    expect(await statusOf(owner.tenantId)).toBe(401);
    expect(codesOf(await withoutWriting(product, unbind))).toEqual([]);
    await bind();
    expect(await statusOf(owner.tenantId)).toBe(200);
    expect((await eventsOf()).map(({ action }: { action?: string }) => action)).toEqual([
      'app-client.bind',
      'app-client.unbind',
      'app-client.bind',
    ]);
  });

  it('answers NOT_FOUND for a client that nobody bound, one of another tenant, and a machine', async () => {
    await refused('NOT_FOUND', unbind);
    await bind({ tenantId: await addTenant(product) });
    await refused('NOT_FOUND', unbind);
    await makeMachine();
    await refused('NOT_FOUND', unbind);
  });

  it('leaves whoever signs in through it without a token', async () => {
    const made = await product.sdk.send(
      new CreateUserPoolClientCommand({
        UserPoolId: product.pool.poolId,
        ClientName: 'web-of-one',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
    clientId = made.UserPoolClient?.ClientId ?? '';
    const signIn = () => signInThrough(clientId);
    await bind();
    expect(await signIn()).toBe('signed in');
    await unbind();
    expect(await signIn()).toMatch(/accepted no more/);
  });
});

describe.each(Object.keys(MUTATIONS) as Name[])('Mutation.%s', (name) => {
  it('answers UNAUTHENTICATED without a token', async () => {
    await refused('UNAUTHENTICATED', () => ask(name, null));
  });

  it('answers FORBIDDEN to an owner, and to a machine', async () => {
    const machine = await product.pool.signToken(toMachineClaims(product, { tenant_id: owner.tenantId }));
    for (const token of [owner.token, machine]) await refused('FORBIDDEN', () => ask(name, token));
  });

  it.each([randomUUID(), 'nonsense'])('answers NOT_FOUND for a tenant that is none: %s', async (tenantId) => {
    await refused('NOT_FOUND', () => ask(name, root, { tenantId }));
  });
});
