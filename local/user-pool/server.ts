import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { addMailboxRoutes } from '../mailbox/routes.ts';
import { LOCAL_POOL } from './constants.ts';
import { CognitoError } from './errors.ts';
import { admitLoopbackOnly } from './loopback-only.ts';
import { addTokenRoute } from './oauth/token-route.ts';
import { OPERATIONS } from './operations/index.ts';
import type { Pool, PoolLog } from './pool.ts';
import { toJwks } from './signing-keys.ts';

const AWS_JSON = 'application/x-amz-json-1.1';
const TARGET = 'AWSCognitoIdentityProviderService.';
const SIGNED = 'AWS4-HMAC-SHA256 ';

export type ServerOptions = {
  readonly pool: Pool;
  readonly log: PoolLog;
  /** Keeps what an operation changed, before its answer leaves. */
  readonly save: () => Promise<void>;
};

/** The pool over HTTP: the AWS JSON 1.1 API, the token endpoint, the two well-known documents, and the mailbox. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({ forceCloseConnections: true });
  await admitLoopbackOnly(server);
  addMailboxRoutes(server, options.pool.mailbox);
  addWellKnownRoutes(server, options.pool);
  addApiRoute(server, options);
  addTokenRoute(server, options);
  return server;
}

function addWellKnownRoutes(server: FastifyInstance, { state }: Pool): void {
  const base = `/${LOCAL_POOL.poolId}/.well-known`;
  server.get(`${base}/jwks.json`, () => toJwks(state.keys));
  server.get(`${base}/openid-configuration`, (request) => ({
    issuer: LOCAL_POOL.issuer,
    jwks_uri: `http://${request.host}${base}/jwks.json`,
    token_endpoint: `http://${request.host}/oauth2/token`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'token'],
    subject_types_supported: ['public'],
  }));
}

function addApiRoute(server: FastifyInstance, options: ServerOptions): void {
  server.addContentTypeParser(AWS_JSON, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.post('/', async (request, reply) => {
    const { authorization = '', 'x-amz-target': target = '' } = request.headers;
    try {
      const answer = await runOperation(options, String(target), authorization.startsWith(SIGNED), request.body);
      return send(reply, 200, answer);
    } catch (error) {
      return sendError(reply, error, options.log);
    }
  });
}

/**
 * An operation that AWS wants signed needs a Signature Version 4 header here too, so that a caller without credentials
 * is found out. The signature itself is not checked: there is no secret to check it with.
 */
async function runOperation({ pool, save }: ServerOptions, target: string, signed: boolean, body: unknown) {
  const operation = target.startsWith(TARGET) ? OPERATIONS.get(target.slice(TARGET.length)) : undefined;
  if (!operation) throw new CognitoError('UnknownOperationException', `Operation ${target} is not known here.`);
  if (operation.needsSignature && !signed) {
    throw new CognitoError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const input = parseBody(body);
  try {
    return await operation.run(pool, input);
  } finally {
    // A refusal changes something too: a wrong code counts.
    await save();
  }
}

function parseBody(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    throw new CognitoError('SerializationException', 'The request body is not JSON.');
  }
}

function sendError(reply: FastifyReply, error: unknown, log: PoolLog): FastifyReply {
  if (error instanceof CognitoError) return send(reply, 400, { __type: error.type, message: error.message });
  log.error({ err: error }, 'the local user pool failed');
  return send(reply, 500, { __type: 'InternalErrorException', message: 'An internal error occurred.' });
}

function send(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply
    .code(status)
    .header('x-amzn-requestid', randomUUID())
    .header('content-type', AWS_JSON)
    .send(JSON.stringify(body));
}
