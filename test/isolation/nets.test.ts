import { join } from 'node:path';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { SYSTEM } from '../../src/store/scope.ts';
import { codesOf } from '../support/answers.ts';
import { idsOf } from '../support/people.ts';
import { type Answer, type Product, startBeside, startProduct } from '../support/product.ts';
import { createCarelessResolvers } from './careless-resolvers.ts';

/** What stands between a caller and a foreign row: the directive, the domain's own condition, the row policy. */
type Nets = { readonly directive: boolean; readonly condition: boolean; readonly policy: boolean };

const TABLES = ['users', 'tenants', 'memberships'];
const SDL = loadTypeDefs(join(import.meta.dirname, '../../schema')).map(print);
const SDL_WITHOUT_DIRECTIVE = SDL.map((text) =>
  text
    .replace(/(type \w+) @tenantScoped(\([^)]*\))?/g, '$1 @auth')
    .replace(/(?<!directive) @tenantScoped(\([^)]*\))?/g, '')
    // Without the directive such a type does not build: one more net, taken out with it.
    .replaceAll('tenantId: ID!', 'tenantId: ID'),
);

/** Its database and its pool are those of every app below. No other file uses them, because the policies change. */
let base: Product;
beforeAll(async () => {
  base = await startProduct();
});
afterAll(() => base[Symbol.asyncDispose]());

/**
 * An app with the directive and the condition in place, or taken out. The policy is up to each test. Without the
 * directive a row's stamp is held to all the same, so that goes with it.
 */
function startWith(
  { directive, condition }: Omit<Nets, 'policy'>,
  careless = createCarelessResolvers(undefined, { unstamped: !directive }),
): Promise<Product> {
  return startBeside(base, {
    overrides: {
      schema: {
        typeDefs: directive ? SDL : SDL_WITHOUT_DIRECTIVE,
        resolvers: condition ? resolvers : [...resolvers, careless],
      },
    },
  });
}

async function setPolicy({ sql }: Product, isOn: boolean): Promise<void> {
  const change = isOn ? 'enable row level security, force' : 'disable row level security, no force';
  await sql(TABLES.map((table) => `alter table ${table} ${change} row level security`).join('; '));
}

const PATHS: [string, string][] = [
  ['member', 'query ($member: ID!) { member(id: $member) { id tenantId } }'],
  ['members', '{ members(first: 100) { nodes { id tenantId } } }'],
  ['tenant', 'query ($tenant: ID!) { tenant(id: $tenant) { slug } }'],
  ['viewer.tenant', '{ viewer { tenant { slug } } }'],
  ['viewer.membership', '{ viewer { membership { id tenantId } } }'],
  ['viewer.memberships', '{ viewer { memberships { id tenantId } } }'],
];

/** Asks as mia of acme, naming what is globex's. */
async function ask(product: Product, query: string): Promise<Answer & { readonly isForeignShown: boolean }> {
  const gina = await idsOf(product, 'gina@globex.test', 'globex');
  const variables = { member: gina.membershipId, tenant: gina.tenantId };
  const answer = await product.query(await product.tokenOf('mia@acme.test'), query, variables);
  const isForeignShown = answer.text.includes(gina.tenantId) || answer.text.includes('"globex"');
  return { ...answer, isForeignShown };
}

const toName = (nets: Nets) =>
  (['directive', 'condition', 'policy'] as const).filter((net) => nets[net]).join(' and ') || 'none';

const BOTH = [true, false];
const APPS = BOTH.flatMap((directive) => BOTH.map((condition) => ({ directive, condition })));

describe.each(APPS)('with directive: $directive, condition: $condition', (nets) => {
  let product: Product;
  beforeAll(async () => {
    product = await startWith(nets);
  });
  afterAll(() => product[Symbol.asyncDispose]());

  describe.each(BOTH)('and policy: %s', (policy) => {
    beforeAll(() => setPolicy(product, policy));
    afterAll(() => setPolicy(product, true));

    it.each(PATHS)(`%s (${toName({ ...nets, policy })} standing)`, async (path, query) => {
      const answer = await ask(product, query);
      // Held back, or not there: never hidden by some other failure.
      expect(codesOf(answer).filter((code) => code !== 'NOT_FOUND')).toEqual([]);
      expect(answer.isForeignShown).toBe(isOpen(path, { ...nets, policy }));
    });
  });
});

/** Only with every net gone is there a leak: so each of them holds alone, and none of these tests is idle. */
function isOpen(path: string, { directive, condition, policy }: Nets): boolean {
  // A row read under SELF names its tenant and not its user: of rows the database hands out there, the directive knows
  // only whom they were asked for. On that path it is no net of its own.
  const directiveHolds = directive && path !== 'viewer.memberships';
  return !directiveHolds && !condition && !policy;
}

describe.each(BOTH)('rows read under SYSTEM, which no policy narrows, with directive: %s', (directive) => {
  let product: Product;
  beforeAll(async () => {
    product = await startWith(
      { directive, condition: false },
      createCarelessResolvers(SYSTEM, { unstamped: !directive }),
    );
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it.each(PATHS)(`are ${directive ? 'held back' : 'shown'} by %s`, async (_path, query) => {
    expect((await ask(product, query)).isForeignShown).toBe(!directive);
  });

  if (!directive) return;
  it('are told of at their place in a list, never left out of it', async () => {
    const places = await product.sql('select from memberships');
    const answer = await ask(product, '{ members { nodes { id } } }');
    expect(answer.body.data.members.nodes).toEqual(places.map(() => null));
    expect(codesOf(answer)).toEqual(places.map(() => 'NOT_FOUND'));
  });
});
