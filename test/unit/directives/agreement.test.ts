import fc from 'fast-check';
import { execute, getVariableValues, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { evaluateOperation } from '../../../src/access/evaluate-operation.ts';
import { AppError } from '../../../src/errors.ts';
import { toAppError } from '../../../src/graphql/directives/to-app-error.ts';
import { DEFAULT_LIMITS } from '../../../src/graphql/limits.ts';
import type { SchemaParts } from '../../../src/graphql/schema.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { aMachine, anAdmin, aUser, NOW } from '../access/fixtures.ts';
import { type AnyOperation, anyOperation, anySdl, spreadOnce, TYPES } from './any-operation.ts';
import { askServer } from './ask-server.ts';
import { aContext, aWorld } from './world.ts';

const hourAgo = new Date(NOW.getTime() - 3_600_000);
const anyCaller = fc.constantFrom(
  null,
  aUser(),
  aUser({ mfa: true }),
  aUser({ mfa: true, authenticatedAt: hourAgo }),
  aUser({ tenantId: null, authenticatedAt: hourAgo }),
  anAdmin(),
  anAdmin({ mfa: true, groups: ['Admins', 'TenantMembers'] }),
  aMachine(),
  aMachine({ tenantId: null, scopes: [] }),
);

const anObject = () => ({ x: 1 });
const oneOfEach = (indices: readonly number[]) => () => indices.map((i) => ({ __typename: `T${i}`, x: 1 }));
const FIELDS = { ok: () => true, a: anObject, b: oneOfEach(TYPES), i: oneOfEach([0, 1]) };
const RESOLVERS = {
  ...Object.fromEntries(TYPES.map((i) => [`T${i}`, { a: anObject, b: FIELDS.b }])),
  Query: FIELDS,
  Mutation: FIELDS,
};

/** What a refusal says, and where: positions in lists left out. */
type Told = { readonly says: string; readonly at: string };

const tell = ({ code, rule, details }: AppError, path: readonly (string | number)[] = []): Told => ({
  says: JSON.stringify([code, rule, details]),
  at: path.filter((key) => typeof key === 'string').join('.'),
});
const toText = ({ says, at }: Told) => `${says} at ${at}`;

function read(sdl: string, { query, variables: given }: AnyOperation, resolvers: SchemaParts['resolvers'] = RESOLVERS) {
  const world = aWorld(sdl, resolvers);
  const document = parse(query);
  expect(validate(world.schema, document)).toEqual([]);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  const { coerced: variables } = getVariableValues(world.schema, operation.variableDefinitions ?? [], given);
  if (!variables) throw new Error('the variables do not coerce');
  const { schema, plan } = world;
  const foretell = (principal: Principal | null): readonly Told[] =>
    evaluateOperation(plan, { schema, document, operation, variables }, aContext(principal)).map(({ refusal, path }) =>
      tell(toAppError(refusal), path),
    );
  return { world, document, foretell };
}

/** What is decided of an operation beforehand, and what its resolvers then answer. */
async function compare(sdl: string, asked: AnyOperation, principal: Principal | null) {
  const { world, document, foretell } = read(sdl, asked);
  const { schema } = world;
  const contextValue = aContext(principal);
  const { errors = [] } = await execute({ schema, document, contextValue, variableValues: asked.variables });
  const met = errors.map(({ originalError, path }) => {
    if (!(originalError instanceof AppError)) throw originalError;
    return tell(originalError, path);
  });
  return { foretold: foretell(principal), met };
}

describe('what is decided before execution', () => {
  it('is what the resolvers answer: at the same paths, the same codes, rules and sign-ins to ask for', async () => {
    await fc.assert(
      fc.asyncProperty(anySdl, anyOperation('query').map(spreadOnce), anyCaller, async (...given) => {
        const { foretold, met } = await compare(...given);
        expect(new Set(foretold.map(toText))).toEqual(new Set(met.map(toText)));
      }),
      { numRuns: 200 },
    );
  });

  it('holds wherever a fragment is spread, though it is judged at the first place alone', async () => {
    await fc.assert(
      fc.asyncProperty(anySdl, anyOperation('query'), anyCaller, async (...given) => {
        const { foretold, met } = await compare(...given);
        const texts = new Set(met.map(toText));
        expect(foretold.filter((told) => !texts.has(toText(told)))).toEqual([]);
        expect(new Set(met.map(({ says }) => says))).toEqual(new Set(foretold.map(({ says }) => says)));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a mutation with any refusal from writing, and lets every other write', async () => {
    const unlimited = { ...DEFAULT_LIMITS, cost: 1e9, depth: 50, aliases: 1_000 };
    await fc.assert(
      fc.asyncProperty(anySdl, anyOperation('mutation'), anyCaller, async (sdl, asked, principal) => {
        let writes = 0;
        const write = (answer: unknown) => () => {
          writes += 1;
          return answer;
        };
        const Mutation = { ...FIELDS, a: write(anObject()), b: write(FIELDS.b()), i: write(FIELDS.i()) };
        const { world, foretell } = read(sdl, asked, { ...RESOLVERS, Mutation });
        const [refused] = foretell(principal);
        const { data, errors } = await askServer(world, principal, asked, { limits: unlimited });
        fc.pre(errors[0]?.extensions?.['code'] !== 'OPERATION_LIMIT_EXCEEDED');
        expect(writes > 0).toBe(refused === undefined);
        expect(errors.length > 0 && data === undefined).toBe(refused !== undefined);
      }),
      { numRuns: 25 },
    );
  });
});
