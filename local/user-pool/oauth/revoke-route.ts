import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from '../server-options.ts';
import { findSession, revokeSession } from '../sessions.ts';
import { answerForm } from './answer-form.ts';
import { authenticateClient } from './client-authentication.ts';
import { OAuthError } from './oauth-error.ts';

/** `POST /oauth2/revoke`, RFC 7009: ends the session of a refresh token. One that is unknown is no error, §2.2. */
export function addRevokeRoute(server: FastifyInstance, options: ServerOptions): void {
  server.post('/oauth2/revoke', (request, reply) =>
    answerForm(options, request, reply, (form) => {
      const token = form.get('token');
      if (token === null) throw new OAuthError('invalid_request');
      const { id } = authenticateClient(options.pool, request.headers.authorization, form);
      if (token.split('.').length === 3) throw new OAuthError('unsupported_token_type');
      const session = findSession(options.pool, token);
      if (session?.clientId === id) revokeSession(options.pool, session);
      return {};
    }),
  );
}
