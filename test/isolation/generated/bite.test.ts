import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../../support/product.ts';
import type { Caller } from './caller.ts';
import { createCallers } from './callers.ts';
import { startCarelessProduct } from './careless-product.ts';
import { findFaults } from './find-faults.ts';
import { findGaps } from './find-gaps.ts';
import { findPaths } from './paths.ts';
import { runPath } from './run-path.ts';
import { SCHEMA } from './subject.ts';
import { furnish, type World } from './two-tenants.ts';
import { watchWrites } from './writes.ts';

let product: Product;
let world: World;
let callers: readonly Caller[];

beforeAll(async () => {
  product = await startCarelessProduct();
  world = await furnish(product);
  callers = await createCallers(world);
  await watchWrites(product);
});
afterAll(() => product[Symbol.asyncDispose]());

const found = new Map<string, Promise<string>>();

/** The faults of a path, asked for once. */
function faultsOn(name: string): Promise<string> {
  const faults = found.get(name) ?? findFaultsOn(name);
  found.set(name, faults);
  return faults;
}

async function findFaultsOn(name: string): Promise<string> {
  const path = findPaths(SCHEMA).find((it) => it.name === name);
  if (path === undefined) throw new Error(`no path ${name}`);
  return findFaults(await runPath(world, path, callers), world).join('\n');
}

describe('the generated suite', () => {
  it.each([
    [
      'a row of the other tenant',
      'Query.member',
      /^a member of north, foreign id: shows [\w-]+, a Membership of south$/m,
    ],
    [
      'another tenant in a list',
      'Query.members.nodes',
      /^an owner of south, no id: shows [\w-]+, a Membership of north$/m,
    ],
    [
      'a foreign id that is told from an unknown one',
      'Query.project',
      /^an admin of north, foreign id: unlike an unknown id$/m,
    ],
    ['an own row that is not there', 'Query.project', /^an admin of north, own id: nothing there$/m],
    [
      'a refusal that is missing',
      'Mutation.removeMember',
      /^a member of south, own input.membershipId: no error instead of FORBIDDEN$/m,
    ],
    [
      'a write by who may not',
      'Mutation.removeMember',
      /^a member of south, own input.membershipId: DELETE in memberships$/m,
    ],
    [
      "a write to the other tenant's row",
      'Mutation.removeMember',
      /^an owner of north, foreign input.membershipId: writes [\w-]+, a Membership of south$/m,
    ],
    [
      'a write before the refusal',
      'Mutation.changeMemberRole',
      /^an admin of north, unknown input.membershipId: INSERT in audit_events$/m,
    ],
  ])('names %s', async (_, path, line) => {
    expect(await faultsOn(path)).toMatch(line);
  });

  it('names what it cannot ask, and what nobody told it of', () => {
    const schema = buildSchema(`
      type Query { health: Secret }
      type Mutation { burn(input: BurnInput!): Secret }
      input BurnInput { secretId: ID! reason: String! }
      type Secret { id: ID! text(key: String!): String }
      type Unreached { id: ID! }`);
    expect(findGaps(schema, findPaths(schema))).toEqual(
      expect.arrayContaining([
        'no facts say who may enter at Mutation.burn',
        'no sample says whose id is Mutation.burn input.secretId',
        expect.stringMatching(/^Mutation.burn lacks a sample: .*reason/),
        'Secret.text is asked by no path: it takes arguments',
        'no path leads to Unreached',
      ]),
    );
  });
});
