import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { parseUnambiguousJson } from '../../identity/strict-json.ts';

const members = z.record(z.string(), z.unknown()).nullish();

const Body = z.strictObject({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: members,
  extensions: members,
});

/** GraphQL over HTTP, Request Parameters. */
export type GraphQLBody = Readonly<z.infer<typeof Body>>;

/** A request whose body was read; GET has none. */
export type GraphQLRoute = { Body: GraphQLBody | undefined };

/** What a body asks, where it can be read in one way only. Throws BAD_REQUEST. */
export function readGraphQLBody(bytes: Uint8Array): GraphQLBody {
  const body = Body.safeParse(readJson(bytes));
  if (body.success) return body.data;
  throw badRequest(
    'The body must be an object of `query`, a text, and if need be `operationName`, `variables` and `extensions`.',
    `body: ${body.error.issues[0]?.message}`,
  );
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return parseUnambiguousJson(bytes);
  } catch (error) {
    throw badRequest(
      'The body must be JSON in UTF-8, nested 8 deep at most, with no key twice in an object.',
      error instanceof Error ? error.message : 'json',
    );
  }
}

function badRequest(message: string, reason: string): AppError {
  return new AppError('BAD_REQUEST', message, { reason });
}
