import type { FastifyInstance, FastifyReply } from 'fastify';
import { CognitoError } from '../errors.ts';
import type { Pool, PoolLog } from '../pool.ts';
import { authenticateClient } from './client-authentication.ts';
import { grantClientCredentials } from './client-credentials.ts';
import { OAuthError } from './oauth-error.ts';

type TokenRouteOptions = { readonly pool: Pool; readonly log: PoolLog };

const FORM = 'application/x-www-form-urlencoded';

/** `POST /oauth2/token`, which a real pool answers at its domain: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
export function addTokenRoute(server: FastifyInstance, { pool, log }: TokenRouteOptions): void {
  server.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.post('/oauth2/token', async (request, reply) => {
    // RFC 6749 §5.1
    reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    try {
      const form = toForm(request.body);
      const grantType = form.get('grant_type');
      if (grantType !== 'client_credentials') {
        throw new OAuthError(grantType === null ? 'invalid_request' : 'unsupported_grant_type');
      }
      const client = authenticateClient(pool, request.headers.authorization, form);
      return await grantClientCredentials(pool, client, form);
    } catch (error) {
      if (error instanceof OAuthError) return refuse(reply, error);
      if (error instanceof CognitoError) return refuse(reply, new OAuthError('invalid_request', error.message));
      log.error({ err: error }, 'the token endpoint failed');
      return reply.code(500).send({ error: 'server_error' });
    }
  });
}

/** Throws OAuthError for a body of another kind, and for a parameter given twice (RFC 6749 §3.2). */
function toForm(body: unknown): URLSearchParams {
  if (typeof body !== 'string') throw new OAuthError('invalid_request');
  const form = new URLSearchParams(body);
  if (new Set(form.keys()).size !== form.size) throw new OAuthError('invalid_request');
  return form;
}

function refuse(reply: FastifyReply, { code, description }: OAuthError): FastifyReply {
  return reply.code(400).send({ error: code, ...(description !== undefined && { error_description: description }) });
}
