import type { DomainContext } from '../../../src/domain/context.ts';
import { DEFAULT_LIMITS } from '../../../src/graphql/limits.ts';
import type { BuiltSchema } from '../../../src/graphql/schema.ts';
import { createGraphQLServer, type GraphQLServerOptions } from '../../../src/graphql/server.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { createRequestRecord } from '../../../src/observability/request-record.ts';
import { NO_SPAN } from '../../../src/observability/tracing.ts';
import { aContext } from './world.ts';

type Asked = { readonly query: string; readonly variables?: Record<string, unknown> };

// Resolvers of these tests ask no loaders, and nothing of verbs.
const unused = undefined as never;
const catchUp = async () => undefined;

/** Asks a schema through the server itself, from the document to the formatted errors. */
export async function askServer(
  { schema, plan }: BuiltSchema,
  principal: Principal | null,
  { query, variables = {} }: Asked,
  options: Partial<GraphQLServerOptions> = {},
) {
  const server = createGraphQLServer({
    schema,
    plan,
    limits: DEFAULT_LIMITS,
    introspection: false,
    catchUp,
    ...options,
  });
  const record = createRequestRecord(0, NO_SPAN);
  const domain = { principal } as DomainContext;
  const contextValue = { ...aContext(principal), record, domain, loaders: unused };
  const { body } = await server.executeOperation({ query, variables }, { contextValue });
  await server.stop();
  if (body.kind !== 'single') throw new Error('an answer in parts');
  const { data, errors = [] } = body.singleResult;
  return { data, errors, lines: contextValue.lines, record };
}
