import type { FastifyInstance, FastifyReply } from 'fastify';
import { authenticate } from '../access-token.ts';
import { CognitoError } from '../errors.ts';
import type { ServerOptions } from '../server-options.ts';

/** `GET /oauth2/userInfo`, OpenID Connect Core §5.3, for an access token with the scope `openid`. */
export function addUserInfoRoute(server: FastifyInstance, { pool }: ServerOptions): void {
  server.get('/oauth2/userInfo', async (request, reply) => {
    const [, token = ''] = /^Bearer +(\S+)$/iu.exec(request.headers.authorization ?? '') ?? [];
    reply.header('cache-control', 'no-store');
    try {
      const { sub, attributes } = await authenticate(pool, token, 'openid');
      return reply.send({ sub, ...attributes, username: sub });
    } catch (error) {
      if (error instanceof CognitoError) return refuse(reply, error.message);
      throw error;
    }
  });
}

// RFC 6750 §3
function refuse(reply: FastifyReply, description: string): FastifyReply {
  const error = { error: 'invalid_token', error_description: description };
  return reply.code(401).header('www-authenticate', `Bearer error="invalid_token"`).send(error);
}
