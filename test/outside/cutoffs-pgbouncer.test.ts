import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/observability/logger.ts';
import { type NodeBeside, startNodeBeside } from '../support/node-beside.ts';
import { addMember, addTenant } from '../support/people.ts';
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { type Product, startProduct, toOptions } from '../support/product.ts';

let product: Product;
let pooler: PgBouncer;
let node: NodeBeside;
const lines: string[] = [];

beforeAll(async () => {
  product = await startProduct();
  pooler = await startPgBouncer(product.database.appUrl);
  const options = toOptions(product.pool, product.database);
  node = await startNodeBeside(product, {
    log: createLogger('info', { write: (line) => lines.push(line) }),
    database: { ...options.database, url: pooler.url, directUrl: pooler.url, preparedStatements: false },
  });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await pooler[Symbol.asyncDispose]();
  await product[Symbol.asyncDispose]();
});

describe('a node that can only listen through a pooler in transaction mode', () => {
  // A pooler hands a session what it says to itself, and nothing of what others say.
  it('finds out, says so, and refuses what was ended elsewhere all the same', async () => {
    const isSaid = () => lines.some((line) => line.includes('set DATABASE_DIRECT_URL'));
    await expect.poll(isSaid, { timeout: 10_000 }).toBe(true);
    const tenantId = await addTenant(product);
    for (let round = 0; round < 5; round += 1) {
      const { token } = await addMember(product, tenantId, 'MEMBER');
      expect(await node.ask(token)).toBe('200');
      await product.query(token, 'mutation { signOut { session { id } } }');
      await expect.poll(() => node.ask(token), { timeout: 5_000, interval: 50 }).toBe('401 UNAUTHENTICATED');
    }
  });
});
