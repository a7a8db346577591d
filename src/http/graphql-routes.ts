import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { DomainContext } from '../domain/context.ts';
import { createCallerContext, type GraphQLContext } from '../graphql/context.ts';
import type { Limits } from '../graphql/limits.ts';
import type { TokenVerifier } from '../identity/verify-token.ts';
import { authenticate } from './authenticate.ts';
import { replyUnauthenticated } from './error-reply.ts';
import type { SandboxPage } from './sandbox.ts';
import { answerStranger } from './stranger.ts';

export type GraphQLRoutesOptions = {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly publicSchema: GraphQLSchema | null;
  readonly limits: Limits;
  readonly verifyToken: TokenVerifier;
  readonly services: Pick<DomainContext, 'database' | 'userPool' | 'cursors'>;
  /** Shown to browsers at GET /graphql; null where there is none. */
  readonly sandbox: SandboxPage | null;
};

function isPageWanted({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

/** `POST /graphql` and `GET /graphql`. Everything in here answers a request without a good credential with one 401. */
export async function graphqlRoutes(app: FastifyInstance, options: GraphQLRoutesOptions): Promise<void> {
  const { sandbox, services } = options;
  const forStrangers = answerStranger(options.publicSchema, options.limits);
  const forCallers = fastifyApolloHandler(options.apollo, {
    context: async ({ principal, id, log }) => {
      if (principal === null) throw new Error('a stranger reached Apollo');
      return createCallerContext({ ...services, principal, requestId: id, log }, new Date());
    },
  });

  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request, reply) => {
    if (sandbox && isPageWanted(request)) {
      return reply.type('text/html; charset=utf-8').send(await sandbox(request.hostname));
    }
    return authenticate(options.verifyToken)(request, reply);
  });
  // A body that cannot be read is one more thing a stranger learns nothing from.
  app.setErrorHandler((error, request, reply) => {
    if (request.principal === null) return replyUnauthenticated(reply);
    throw error;
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler(request, reply) {
      return request.principal === null ? forStrangers(request, reply) : forCallers.call(app, request, reply);
    },
  });
}
