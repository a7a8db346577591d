import { buildASTSchema, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { evaluateOperation } from '../../../src/access/evaluate-operation.ts';
import { compilePlan } from '../../../src/access/plan.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { ACME, anAdmin, aUser, DIRECTIVES, GLOBEX, NOW } from './fixtures.ts';

const schema = buildASTSchema(
  parse(`${DIRECTIVES}
    type Query { ok: Boolean @public  open: Open @auth  secret: Secret @auth  found: [Found] @auth  node: Node @auth }
    type Mutation {
      make: MakePayload @auth
      move(input: Move): Int @auth @tenantScoped(argument: "input.tenantId")
      twice: Int @auth
    }
    input Move { tenantId: ID! }
    type MakePayload { secret: Secret  open: Open }
    interface Node @auth { id: ID }
    type Open implements Node @auth { id: ID  open: Open  staff: String @auth(groups: ["Admins"])  secret: Secret }
    type Plain implements Node @auth { id: ID  staff: String }
    type Secret @auth(groups: ["Admins"]) { id: ID }
    union Found = Open | Secret
  `),
);
const plan = compilePlan(schema, REGISTRY);

const evaluate = (query: string, principal: Principal | null = aUser(), variables: Record<string, unknown> = {}) => {
  const document = parse(query);
  const [invalid] = validate(schema, document);
  if (invalid) throw invalid;
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  return evaluateOperation(
    plan,
    { schema, document, operation, variables },
    { principal, now: NOW, tenantRules: null },
  );
};
const refusals = (...given: Parameters<typeof evaluate>) =>
  evaluate(...given).map(({ path, refusal, possibleType }) =>
    [refusal.code, path.join('.'), possibleType].filter(Boolean).join(' '),
  );

describe('evaluateOperation finds a refusal', () => {
  it.each([
    ['at a field', '{ ok secret { id } }', ['FORBIDDEN secret']],
    ['under an alias', '{ ok: secret { id } }', ['FORBIDDEN ok']],
    ['below an allowed parent', '{ open { open { secret { id } } } }', ['FORBIDDEN open.open.secret']],
    ['where only __typename is asked', '{ secret { __typename } }', ['FORBIDDEN secret']],
    ['in an inline fragment', '{ open { ... { ... on Open { staff } } } }', ['FORBIDDEN open.staff']],
    [
      'in a fragment on an interface',
      '{ node { ...N } } fragment N on Node { ... on Open { staff } }',
      ['FORBIDDEN node.staff'],
    ],
    ['in a possible type of a union', '{ found { ... on Open { id } } }', ['FORBIDDEN found Secret']],
    ['in what a mutation returns', 'mutation { twice make { secret { id } } }', ['FORBIDDEN make.secret']],
    ['once for fields that merge', '{ secret { id } secret { __typename } }', ['FORBIDDEN secret']],
  ])('%s', (_where, query, expected) => {
    expect(refusals(query)).toEqual(expected);
  });

  it('in a mutation that names another tenant, also by variable', () => {
    const query = 'mutation ($id: ID!) { twice move(input: { tenantId: $id }) }';
    expect(refusals(query, aUser(), { id: GLOBEX })).toEqual(['NOT_FOUND move']);
    expect(refusals(query, aUser(), { id: ACME })).toEqual([]);
  });

  it('at every ruled field for a stranger', () => {
    expect(refusals('{ ok open { id } }', null)).toEqual(['UNAUTHENTICATED open']);
  });

  it('at the field node that was refused', () => {
    const [denial] = evaluate('{ open { hidden: staff } }');
    expect(denial?.fieldNode.name.value).toBe('staff');
  });
});

describe('evaluateOperation finds none', () => {
  it('where the caller may read everything', () => {
    expect(refusals('{ secret { id } found { __typename } open { staff secret { id } } }', anAdmin())).toEqual([]);
  });

  it('in a type that has a field of the same name without the rule', () => {
    expect(refusals('{ node { ... on Plain { staff } } }')).toEqual([]);
  });

  it.each([
    ['left out by a variable', '@include(if: $on)', { on: false }, []],
    ['let in by a variable', '@include(if: $on)', { on: true }, ['FORBIDDEN secret']],
    ['skipped by a variable', '@skip(if: $on)', { on: true }, []],
    ['skipped, though included', '@skip(if: $on) @include(if: $on)', { on: true }, []],
  ])('in what is %s, and only there', (_how, directives, variables, expected) => {
    expect(refusals(`query ($on: Boolean!) { secret ${directives} { id } }`, aUser(), variables)).toEqual(expected);
    expect(refusals(`query ($on: Boolean!) { ... ${directives} { secret { id } } }`, aUser(), variables)).toEqual(
      expected,
    );
  });

  it('in introspection, which has no rule here', () => {
    expect(refusals('{ __typename __schema { types { name } } }')).toEqual([]);
  });
});

describe('evaluateOperation takes time linear in the document', () => {
  it('where fragments fan out to more paths than there is time for', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on Open { a: open { ...F${i + 1} } b: open { ...F${i + 1} } }`,
    );
    const query = `{ open { ...F0 } } ${fragments.join(' ')} fragment F60 on Open { staff }`;
    const document = parse(query);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    const denials = evaluateOperation(
      plan,
      { schema, document, operation, variables: {} },
      { principal: aUser(), now: NOW, tenantRules: null },
    );
    expect(denials).toHaveLength(1);
  });
});
