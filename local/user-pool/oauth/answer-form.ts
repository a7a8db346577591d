import type { FastifyReply, FastifyRequest } from 'fastify';
import { CognitoError } from '../errors.ts';
import type { ServerOptions } from '../server-options.ts';
import { OAuthError } from './oauth-error.ts';
import { toForm } from './parameters.ts';

/** What a refresh token or a code that is no longer good comes to, RFC 6749 §5.2. */
const SPENT: ReadonlySet<string> = new Set([
  'NotAuthorizedException',
  'RefreshTokenReuseException',
  'UserNotFoundException',
]);

/** Answers a posted form by `handle`, and any refusal in the form of RFC 6749 §5.2. Keeps what changed first. */
export async function answerForm(
  { log, save }: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  handle: (form: URLSearchParams) => object | Promise<object>,
): Promise<FastifyReply> {
  // RFC 6749 §5.1
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
  try {
    return reply.send(await handleAndSave(request, handle, save));
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal) return refuse(reply, refusal);
    log.error({ err: error }, 'the token endpoint failed');
    return reply.code(500).send({ error: 'server_error' });
  }
}

async function handleAndSave(
  request: FastifyRequest,
  handle: (form: URLSearchParams) => object | Promise<object>,
  save: () => Promise<void>,
): Promise<object> {
  try {
    return await handle(toForm(request.body));
  } finally {
    // A refusal changes something too: a code that comes twice ends a session.
    await save();
  }
}

function toRefusal(error: unknown): OAuthError | null {
  if (error instanceof OAuthError) return error;
  if (!(error instanceof CognitoError)) return null;
  return SPENT.has(error.type) ? new OAuthError('invalid_grant') : new OAuthError('invalid_request', error.message);
}

function refuse(reply: FastifyReply, { code, description }: OAuthError): FastifyReply {
  return reply.code(400).send({ error: code, ...(description !== undefined && { error_description: description }) });
}
