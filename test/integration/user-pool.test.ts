import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUserPool } from '../../src/user-pool/user-pool.ts';
import { type PoolKit, startKit } from '../local/kit.ts';
import { SCOPE } from '../local/machine-kit.ts';
import { type Product, startProduct } from '../support/product.ts';

describe('a user asked of the pool', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it('comes with his attributes', async () => {
    const pool = createUserPool({ userPoolId: product.pool.poolId, endpoint: product.pool.endpoint });
    expect((await pool.findUser('mia@acme.test'))?.attributes).toMatchObject({ email: 'mia@acme.test', name: 'Mia' });
  });

  it('is null when there is none', async () => {
    const pool = createUserPool({ userPoolId: product.pool.poolId, endpoint: product.pool.endpoint });
    expect(await pool.findUser(randomUUID())).toBeNull();
  });

  it('is not null but unavailable when the pool cannot be asked', async () => {
    const pool = createUserPool({ userPoolId: product.pool.poolId, endpoint: 'http://127.0.0.1:1' });
    await expect(pool.findUser('mia@acme.test')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('a machine client at the pool', () => {
  const TENANT_ID = randomUUID();
  let kit: PoolKit;
  beforeAll(async () => {
    kit = await startKit();
  });
  afterAll(() => kit[Symbol.asyncDispose]());
  const ask = () => createUserPool({ userPoolId: kit.UserPoolId, endpoint: kit.pool.endpoint });

  it('has its secrets listed by age, and loses the one that is named, once or twice', async () => {
    const { clientId } = await ask().createMachineClient(TENANT_ID, [SCOPE]);
    const [first = ''] = await ask().listClientSecrets(clientId);
    const { secretId } = await ask().addClientSecret(clientId);
    expect(await ask().listClientSecrets(clientId)).toEqual([first, secretId]);
    await ask().deleteClientSecret(clientId, first);
    await ask().deleteClientSecret(clientId, first);
    expect(await ask().listClientSecrets(clientId)).toEqual([secretId]);
  });

  it('has no third secret: CONFLICT', async () => {
    const { clientId } = await ask().createMachineClient(TENANT_ID, [SCOPE]);
    await ask().addClientSecret(clientId);
    await expect(ask().addClientSecret(clientId)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is deleted once or twice, and then has no secret and gets none', async () => {
    const { clientId } = await ask().createMachineClient(TENANT_ID, [SCOPE]);
    await ask().deleteClient(clientId);
    await ask().deleteClient(clientId);
    expect(await ask().listClientSecrets(clientId)).toEqual([]);
    await expect(ask().addClientSecret(clientId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is not made with a scope that the pool does not know: the operator must add it', async () => {
    const creation = ask().createMachineClient(TENANT_ID, ['projects/read']);
    await expect(creation).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('is unavailable when the pool cannot be asked', async () => {
    const pool = createUserPool({ userPoolId: kit.UserPoolId, endpoint: 'http://127.0.0.1:1' });
    const asked = [
      pool.createMachineClient(TENANT_ID, [SCOPE]),
      pool.addClientSecret('one'),
      pool.listClientSecrets('one'),
      pool.deleteClientSecret('one', 'first'),
      pool.deleteClient('one'),
    ];
    const outcomes = await Promise.allSettled(asked);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'SERVICE_UNAVAILABLE' } });
  });
});
