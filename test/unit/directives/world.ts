import { type ExecutionResult, execute, type GraphQLError, parse, validate } from 'graphql';
import { vi } from 'vitest';
import { REGISTRY } from '../../../src/access/registry.ts';
import { AppError } from '../../../src/errors.ts';
import type { CallerContext } from '../../../src/graphql/directives/resolver.ts';
import { buildSchema, type SchemaParts } from '../../../src/graphql/schema.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { DIRECTIVES, NOW } from '../access/fixtures.ts';

export type Answer = {
  readonly data: unknown;
  /** Where and with which code, as `code at path`. */
  readonly refusals: readonly string[];
  readonly errors: readonly GraphQLError[];
  readonly context: CallerContext;
};

/**
 * A schema with resolvers behind the real directives, asked as one caller. It is built anew for each question, so that
 * mutation testing sees which tests meet a change to how it is built.
 */
export function aWorld(sdl: string, resolvers: SchemaParts['resolvers']) {
  const build = () => buildSchema({ typeDefs: [DIRECTIVES, sdl], resolvers, registry: REGISTRY });
  const ask = async (
    principal: Principal | null,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> => {
    const { schema } = build();
    const document = parse(query);
    const [invalid] = validate(schema, document);
    if (invalid) throw invalid;
    const context = aContext(principal);
    const result: ExecutionResult = await execute({
      schema,
      document,
      contextValue: context,
      variableValues: variables,
    });
    const errors = result.errors ?? [];
    return { data: toPlain(result.data), refusals: errors.map(toRefusal), errors, context };
  };
  return { ...build(), ask };
}

export function aContext(principal: Principal | null): CallerContext {
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn(), child: vi.fn() };
  return { principal, requestId: 'request-1', now: NOW, tenantRules: null, log, noteDenial: vi.fn() };
}

/** The code and place of a refusal: `FORBIDDEN at viewer.tenant`. */
export function toRefusal({ originalError, path, message }: GraphQLError): string {
  const code = originalError instanceof AppError ? originalError.code : message;
  return `${code} at ${path?.join('.')}`;
}

// Results have no prototype, which toEqual would call a difference.
function toPlain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data ?? null));
}
