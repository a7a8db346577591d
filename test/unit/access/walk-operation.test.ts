import { buildASTSchema, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { evaluateOperation } from '../../../src/access/evaluate-operation.ts';
import { compilePlan } from '../../../src/access/plan.ts';
import { REGISTRY } from '../../../src/access/registry.ts';
import { aUser, DIRECTIVES, NOW } from './fixtures.ts';

const schema = buildASTSchema(
  parse(`${DIRECTIVES}
    type Query { n: N @auth  move(tenantId: ID!): Int @auth @tenantScoped(argument: "tenantId") }
    interface N @auth { id: ID }
    type Open implements N @auth { id: ID }
    type Closed implements N @auth { id: ID  code: Int @auth(mfa: true) }
    union OpenOnly = Open
  `),
);

/** The codes of what is refused. */
function refusalsOf(query: string, principal = aUser()): readonly string[] {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation comes first');
  const request = { schema, document, operation, variables: {} };
  const denials = evaluateOperation(compilePlan(schema, REGISTRY), request, { principal, now: NOW, tenantRules: null });
  return denials.map(({ refusal }) => refusal.code);
}

describe('an operation that nobody validated stops the walk', () => {
  it.each([
    ['at a root there is none of', 'subscription { a }', 'the schema has no subscription type'],
    ['at a field there is none of', '{ n { id } nothing }', 'Query has no nothing'],
    ['at a fragment there is none of', '{ n { ...Missing } }', 'a fragment of the document is not defined'],
  ])('%s', (_where, query, problem) => {
    expect(() => refusalsOf(query)).toThrow(problem);
  });
});

describe('the walk', () => {
  it('passes over what every schema has', () => {
    expect(refusalsOf('{ __typename __schema { types { name } } }')).toEqual([]);
  });

  it('reads a fragment on a union for the members of that union alone', () => {
    expect(refusalsOf('{ n { ... on OpenOnly { ... on N { ... on Closed { code } } } } }')).toEqual([]);
    expect(refusalsOf('{ n { ... on N { ... on Closed { code } } } }')).toEqual(['STEP_UP_REQUIRED']);
  });

  it('takes arguments that cannot be read for none: the executor refuses them before the field runs', () => {
    const query = 'query ($id: ID!) { move(tenantId: $id) }';
    expect(refusalsOf(query)).toEqual([]);
    expect(refusalsOf(query, aUser({ tenantId: null }))).toEqual(['TENANT_REQUIRED']);
  });
});
