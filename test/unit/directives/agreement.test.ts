import fc from 'fast-check';
import { execute, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { evaluateOperation } from '../../../src/access/evaluate-operation.ts';
import { aMachine, anAdmin, aUser } from '../access/fixtures.ts';
import { aContext, aWorld, toRefusal } from './world.ts';

// Four types with the same three fields, so that any selection fits any schema: a value, an object, a list of everything.
const TYPES = [0, 1, 2, 3];
const RULES = [
  '@auth',
  '@auth(groups: ["Admins"])',
  '@auth(groups: ["TenantMembers"]) @auth(scopes: ["tenantry/members.read"])',
  '@auth(callers: [USER])',
  '@auth(mfa: true)',
];
const rule = fc.constantFrom(...RULES);
const fieldRule = fc
  .tuple(fc.constantFrom('', '', ...RULES), fc.constantFrom('', '', '@tenantScoped'))
  .map((said) => said.join(' '));
const returned = fc.constantFrom(...TYPES);

const aType = fc.record({ own: rule, x: fieldRule, a: fieldRule, b: fieldRule, returned });
const aSdl = fc
  .tuple(fc.tuple(aType, aType, aType, aType), rule, rule)
  .map(([types, a, b]) =>
    [
      `type Query { ok: Boolean @public a: T0 ${a} b: [U] ${b} }`,
      `union U = ${TYPES.map((i) => `T${i}`).join(' | ')}`,
      ...types.map(
        (type, i) => `type T${i} ${type.own} { x: Int ${type.x} a: T${type.returned} ${type.a} b: [U] ${type.b} }`,
      ),
    ].join('\n'),
  );

const { selection } = fc.letrec<{ selection: string; everything: string }>((tie) => ({
  selection: fc
    .array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('x', 'y: x', '__typename'),
        tie('selection').map((inner) => `a ${inner}`),
        tie('selection').map((inner) => `... @include(if: $on) ${inner}`),
        tie('selection').map((inner) => `... @skip(if: $on) ${inner}`),
        tie('everything').map((inner) => `b ${inner}`),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((selections) => `{ ${selections.join(' ')} }`),
  everything: fc
    .array(fc.tuple(returned, tie('selection')), { minLength: 1, maxLength: 3 })
    .map((parts) => `{ ${parts.map(([type, inner]) => `... on T${type} ${inner}`).join(' ')} }`),
}));
const aQuery = fc
  .tuple(selection, selection, returned)
  .map(([a, b, type]) => `query ($on: Boolean!) { ok @include(if: $on) a ${a} b { ... on T${type} ${b} } }`);

const aCaller = fc.constantFrom(
  null,
  aUser(),
  aUser({ mfa: true }),
  aUser({ tenantId: null }),
  anAdmin(),
  anAdmin({ mfa: true, groups: ['Admins', 'TenantMembers'] }),
  aMachine(),
);

const anObject = () => ({ x: 1 });
const oneOfEach = () => TYPES.map((i) => ({ __typename: `T${i}`, x: 1 }));
const RESOLVERS = {
  ...Object.fromEntries(TYPES.map((i) => [`T${i}`, { a: anObject, b: oneOfEach }])),
  Query: { ok: () => true, a: anObject, b: oneOfEach },
};

describe('what is decided before execution', () => {
  it('is what the resolvers answer, at the same paths with the same codes', async () => {
    await fc.assert(
      fc.asyncProperty(aSdl, aQuery, aCaller, fc.boolean(), async (sdl, query, principal, on) => {
        const { schema, plan } = aWorld(sdl, RESOLVERS);
        const document = parse(query);
        expect(validate(schema, document)).toEqual([]);
        const [operation] = document.definitions;
        if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
        const variables = { on };
        const denials = evaluateOperation(plan, { schema, document, operation, variables }, aContext(principal));
        const result = await execute({
          schema,
          document,
          contextValue: aContext(principal),
          variableValues: variables,
        });
        const foretold = denials.map(({ path, refusal }) => `${refusal.code} at ${path.join('.')}`);
        const met = (result.errors ?? []).map(toRefusal).map((refusal) => refusal.replaceAll(/\.\d+/g, ''));
        expect(new Set(foretold)).toEqual(new Set(met));
      }),
      { numRuns: 300 },
    );
  });
});
