import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrismaClient } from '../../../src/generated/prisma/client.ts';
import { createDatabase, type Database, type Transaction } from '../../../src/store/database.ts';
import { PATIENT_DATABASE } from '../../support/eventually.ts';
import { createStoreWorld, type StoreWorld, tenantOf } from '../../support/store-world.ts';

const ROUNDS = 20;

let world: StoreWorld;
let database: Database;

beforeAll(async () => {
  world = await createStoreWorld();
  database = createDatabase({
    url: world.database.appUrl,
    poolSize: 8,
    preparedStatements: true,
    timings: PATIENT_DATABASE,
  });
});
afterAll(async () => {
  await database.close();
  await world[Symbol.asyncDispose]();
});

const idsBy = (tx: Pick<Transaction, 'user'>, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await tx.user.findUnique({ where: { id } }))?.id ?? null));

/** Lets nobody through until `count` are there, and then all in one tick. */
function createGate(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === count) resolve();
    return promise;
  };
}

describe('Prisma merges findUnique calls of one tick into one query, whichever requests they come from', () => {
  it('it does, where nothing keeps them apart', async () => {
    const adapter = new PrismaPg({ connectionString: world.database.ownerUrl });
    const prisma = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
    const queries: string[] = [];
    prisma.$on('query', ({ query }) => queries.push(query));
    expect(await idsBy(prisma, [world.mia, world.gina])).toEqual([world.mia, world.gina]);
    expect(queries.filter((query) => query.includes('users'))).toHaveLength(1);
    await prisma.$disconnect();
  });

  it('of two tenants that ask for the same people in one tick, each finds its own alone', async () => {
    const { acme, globex, mia, gina, dora } = world;
    for (let round = 0; round < ROUNDS; round += 1) {
      const pass = createGate(4);
      const ask = (tenantId: string) =>
        database.transaction(tenantOf(tenantId), async (tx) => {
          await pass();
          return idsBy(tx, [mia, gina, dora]);
        });
      const found = await Promise.all([acme, globex, acme, globex].map(ask));
      expect(found).toEqual([
        [mia, null, dora],
        [null, gina, dora],
        [mia, null, dora],
        [null, gina, dora],
      ]);
    }
  });

  it('a transaction that somebody kept reads nothing once it has ended, whoever is inside another', async () => {
    let kept: Transaction | undefined;
    await database.transaction(tenantOf(world.globex), async (tx) => {
      kept = tx;
    });
    await database.transaction(tenantOf(world.acme), async (tx) => {
      const [late, own] = await Promise.allSettled([kept && idsBy(kept, [world.gina]), idsBy(tx, [world.mia])]);
      expect(late.status).toBe('rejected');
      expect(own).toEqual({ status: 'fulfilled', value: [world.mia] });
    });
  });
});
