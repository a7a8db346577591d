import type { FastifyInstance } from 'fastify';
import type { Pool } from '../pool.ts';
import type { ServerOptions } from '../server-options.ts';
import type { Client } from '../state/state.ts';
import { answerForm } from './answer-form.ts';
import { grantAuthorizationCode } from './authorization-code-grant.ts';
import { authenticateClient } from './client-authentication.ts';
import { grantClientCredentials } from './client-credentials.ts';
import { OAuthError } from './oauth-error.ts';
import { grantRefreshToken } from './refresh-token-grant.ts';

const GRANTS: ReadonlyMap<string, (pool: Pool, client: Client, form: URLSearchParams) => Promise<object>> = new Map([
  ['authorization_code', grantAuthorizationCode],
  ['client_credentials', grantClientCredentials],
  ['refresh_token', grantRefreshToken],
]);

/** `POST /oauth2/token`, which a real pool answers at its domain: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
export function addTokenRoute(server: FastifyInstance, options: ServerOptions): void {
  server.post('/oauth2/token', (request, reply) =>
    answerForm(options, request, reply, (form) => {
      const grantType = form.get('grant_type');
      const grant = GRANTS.get(grantType ?? '');
      if (!grant) throw new OAuthError(grantType === null ? 'invalid_request' : 'unsupported_grant_type');
      return grant(options.pool, authenticateClient(options.pool, request.headers.authorization, form), form);
    }),
  );
}
