import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { IDENTITY_OPERATIONS } from '../identity-pool/operations/index.ts';
import { addMailboxRoutes } from '../mailbox/routes.ts';
import { CognitoError } from './errors.ts';
import { addAuthorizeRoute } from './hosted/authorize-route.ts';
import { addLoginRoutes } from './hosted/login-route.ts';
import { addLogoutRoute } from './hosted/logout-route.ts';
import { admitLoopbackOnly } from './loopback-only.ts';
import { addRevokeRoute } from './oauth/revoke-route.ts';
import { addTokenRoute } from './oauth/token-route.ts';
import { addUserInfoRoute } from './oauth/user-info-route.ts';
import { addWellKnownRoutes } from './oauth/well-known-routes.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations/index.ts';
import type { PoolLog } from './pool.ts';
import type { ServerOptions } from './server-options.ts';

const AWS_JSON = 'application/x-amz-json-1.1';
const FORM = 'application/x-www-form-urlencoded';
const SIGNED = 'AWS4-HMAC-SHA256 ';

// Both services have an address of their own at AWS; the name of the operation tells them apart.
const SERVICES: ReadonlyMap<string, ReadonlyMap<string, Operation>> = new Map([
  ['AWSCognitoIdentityProviderService', OPERATIONS],
  ['AWSCognitoIdentityService', IDENTITY_OPERATIONS],
]);

const ROUTES = [
  addApiRoute,
  addWellKnownRoutes,
  addAuthorizeRoute,
  addLoginRoutes,
  addLogoutRoute,
  addTokenRoute,
  addRevokeRoute,
  addUserInfoRoute,
];

/**
 * The pool over HTTP, with the identity pool beside it: their AWS JSON 1.1 APIs, what a real pool has at its domain (the hosted page and the OAuth endpoints), the
 * two well-known documents, and the mailbox.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({ forceCloseConnections: true });
  await admitLoopbackOnly(server);
  addParsers(server);
  addMailboxRoutes(server, options.pool.mailbox);
  for (const addRoutes of ROUTES) addRoutes(server, options);
  return server;
}

/** Every body arrives as text: who reads it knows what it should be. */
function addParsers(server: FastifyInstance): void {
  server.addContentTypeParser([AWS_JSON, FORM], { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

function addApiRoute(server: FastifyInstance, options: ServerOptions): void {
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
  const [service = '', name = ''] = target.split('.', 2);
  const operation = SERVICES.get(service)?.get(name);
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
