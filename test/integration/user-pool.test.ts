import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUserPool } from '../../src/user-pool/user-pool.ts';
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
