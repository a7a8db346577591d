import type { z } from 'zod';
import { authenticate } from './access-token.ts';
import { assertPublic, getClient } from './clients.ts';
import { LOCAL_POOL } from './constants.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Client, User } from './state/state.ts';

/** One operation of the user pools API: takes a request's body, gives the answer's or throws CognitoError. */
export type Operation = {
  /** True where AWS wants the request signed with IAM credentials. */
  readonly needsSignature: boolean;
  readonly run: (pool: Pool, body: unknown) => Promise<object>;
};

type Answer = object | Promise<object>;

/**
 * An operation of an app client, open to everyone who knows its id. Throws ResourceNotFoundException for an unknown id, and
 * NotAuthorizedException for a client with a secret: the hash that would prove it is not computed here.
 */
export function clientOperation<Input extends { readonly ClientId: string }>(
  schema: z.ZodType<Input>,
  handle: (pool: Pool, input: Input, client: Client) => Answer,
): Operation {
  const run = async (pool: Pool, body: unknown) => {
    const input = parseInput(schema, body);
    const client = getClient(pool, input.ClientId);
    assertPublic(client);
    return handle(pool, input, client);
  };
  return { needsSignature: false, run };
}

/** An operation of the user whose access token comes along. Throws NotAuthorizedException when that is not good. */
export function userOperation<Input extends { readonly AccessToken: string }>(
  schema: z.ZodType<Input>,
  handle: (pool: Pool, input: Input, user: User) => Answer,
): Operation {
  const run = async (pool: Pool, body: unknown) => {
    const input = parseInput(schema, body);
    return handle(pool, input, await authenticate(pool, input.AccessToken));
  };
  return { needsSignature: false, run };
}

type TokenOrSession = { readonly AccessToken?: string | undefined; readonly Session?: string | undefined };

/**
 * An operation of a user who is signed in, or of one on his way there by a challenge's `Session`. Throws
 * InvalidParameterException unless exactly one of the two comes along.
 */
export function tokenOrSessionOperation<Input extends TokenOrSession>(
  schema: z.ZodType<Input>,
  handle: {
    readonly byToken: (pool: Pool, input: Input, user: User) => Answer;
    readonly bySession: (pool: Pool, input: Input, session: string) => Answer;
  },
): Operation {
  const run = async (pool: Pool, body: unknown) => {
    const input = parseInput(schema, body);
    const { AccessToken: token, Session: session } = input;
    if (token !== undefined && session === undefined) {
      return handle.byToken(pool, input, await authenticate(pool, token));
    }
    if (session === undefined || token !== undefined) throw invalidParameter('Give either AccessToken or Session');
    return handle.bySession(pool, input, session);
  };
  return { needsSignature: false, run };
}

/** An operation of the pool's administrator. Throws ResourceNotFoundException for another pool. */
export function adminOperation<Input extends { readonly UserPoolId: string }>(
  schema: z.ZodType<Input>,
  handle: (pool: Pool, input: Input) => Answer,
): Operation {
  const run = async (pool: Pool, body: unknown) => {
    const input = parseInput(schema, body);
    if (input.UserPoolId !== LOCAL_POOL.poolId) {
      throw resourceNotFound(`User pool ${input.UserPoolId} does not exist.`);
    }
    return handle(pool, input);
  };
  return { needsSignature: true, run };
}

/** The body in the form of `schema`. Throws InvalidParameterException, worded as AWS words it. */
export function parseInput<Input>(schema: z.ZodType<Input>, body: unknown): Input {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const found = issues.map(
    ({ path, message }) => `Value at '${toMemberName(path)}' failed to satisfy constraint: ${message}`,
  );
  throw invalidParameter(
    `${issues.length} validation error${issues.length > 1 ? 's' : ''} detected: ${found.join('; ')}`,
  );
}

/** Cognito names members with a small first letter in its messages. */
function toMemberName(path: readonly PropertyKey[]): string {
  const name = path.map(String).join('.');
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
