import { type ExecutionResult, execute, type GraphQLError, parse, validate } from 'graphql';
import { REGISTRY } from '../../../src/access/registry.ts';
import type { Denial } from '../../../src/domain/audit-trail/index.ts';
import { AppError } from '../../../src/errors.ts';
import type { CallerContext } from '../../../src/graphql/directives/resolver.ts';
import { buildSchema, type SchemaParts } from '../../../src/graphql/schema.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { DIRECTIVES, NOW } from '../access/fixtures.ts';
import { createMemoryLog, type LogLine } from '../memory-log.ts';

/** The context of one request, which records what is written about it. */
export type RecordedContext = CallerContext & {
  /** The lines that were logged. */
  readonly lines: readonly LogLine[];
  /** The denials that were noted for the audit trail. */
  readonly denials: readonly Denial[];
};

export type Answer = {
  readonly data: unknown;
  /** Where and with which code, as `code at path`. */
  readonly refusals: readonly string[];
  readonly errors: readonly GraphQLError[];
  /** The lines logged for the request. */
  readonly lines: readonly LogLine[];
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
    return { data: toPlain(result.data), refusals: errors.map(toRefusal), errors, lines: context.lines };
  };
  return { ...build(), ask };
}

export function aContext(principal: Principal | null): RecordedContext {
  const { log, lines } = createMemoryLog();
  const denials: Denial[] = [];
  const noteDenial = (denial: Denial) => void denials.push(denial);
  return { principal, requestId: 'request-1', now: NOW, tenantRules: null, log, noteDenial, lines, denials };
}

/** Resolvers that record in `ran` that they ran, in order: what a refusal must keep from happening. */
export function createRecorder() {
  const ran: string[] = [];
  const record =
    <Args extends readonly unknown[], Result>(name: string, resolve: (...args: Args) => Result) =>
    (...args: Args): Result => {
      ran.push(name);
      return resolve(...args);
    };
  return { ran, record };
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
