import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/graphql/limits.ts';
import { type Product, startProduct } from '../../support/product.ts';
import { createRandom, shuffle } from '../../support/random.ts';
import { IS_WHOLE } from '../../support/stress.ts';
import type { Caller } from './caller.ts';
import { CALLERS, createCallers } from './callers.ts';
import { findFaults } from './find-faults.ts';
import { findGaps } from './find-gaps.ts';
import { HOMES } from './home.ts';
import { findPaths } from './paths.ts';
import { runPath } from './run-path.ts';
import { MODULES, SCHEMA } from './subject.ts';
import { createTally } from './tally.ts';
import { findTablesWithoutBoth, furnish, type World } from './two-tenants.ts';
import { watchWrites } from './writes.ts';

// Enough for every root field in a few runs; .ci/run asks all of them each time.
const SAMPLE = 40;

const ALL_PATHS = findPaths(SCHEMA);
const SAMPLED = new Set(shuffle(ALL_PATHS, createRandom()).slice(0, SAMPLE));
// In the order of the schema: what deletes a client at the pool, which is not put back, comes after what needs it.
const PATHS = IS_WHOLE ? ALL_PATHS : ALL_PATHS.filter((path) => SAMPLED.has(path));
const tally = createTally(PATHS, CALLERS, HOMES);

let product: Product;
let world: World;
let callers: readonly Caller[];

beforeAll(async () => {
  // All fields of lists within lists: what they may cost is tested elsewhere.
  // And more secrets are tried here than anybody may try in a minute.
  const rateLimits = {
    callerPerMinute: null,
    addressPerMinute: null,
    secretTriesPerMinute: 1_000_000,
    store: 'memory',
  };
  const limits = { ...DEFAULT_LIMITS, cost: 100_000 };
  product = await startProduct({ modules: MODULES, app: { limits, rateLimits } });
  world = await furnish(product);
  callers = await createCallers(world);
  await watchWrites(product);
});
afterAll(() => product[Symbol.asyncDispose]());

describe('every type and root field of the schema', () => {
  it('is reached by a path that can be asked', () => {
    expect(findGaps(SCHEMA, ALL_PATHS), 'write these in *-facts.ts').toEqual([]);
  });
});

describe('every table of tenants', () => {
  it('has rows in both', async () => {
    expect(await findTablesWithoutBoth(world)).toEqual([]);
  });
});

describe('whoever asks, by whatever id,', () => {
  it.each(PATHS)('meets nothing of another tenant on $name', async (path) => {
    const cells = await runPath(world, path, callers);
    tally.count(path, cells.length);
    expect(findFaults(cells, world)).toEqual([]);
  });
});

describe('the cells', () => {
  it('were all judged', () => {
    if (IS_WHOLE) process.stdout.write(`${tally.print()}\n`);
    expect(tally.done()).toBe(tally.due);
  });
});
