import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { DenialBook } from '../domain/audit-trail/index.ts';
import type { DomainContext } from '../domain/context.ts';
import { AppError } from '../errors.ts';
import { createCallerContext, type GraphQLContext } from '../graphql/context.ts';
import type { Limits } from '../graphql/limits.ts';
import type { LoaderDefinitions } from '../graphql/loaders.ts';
import { traceOperation } from '../graphql/trace-operation.ts';
import type { TokenVerifier } from '../identity/verify-token.ts';
import type { Tracer } from '../observability/tracing.ts';
import { toAddress } from './address.ts';
import { type AuthenticateOptions, authenticate } from './authenticate.ts';
import { replyError, replyUnauthenticated } from './error-reply.ts';
import { answerCaller } from './graphql/answer-caller.ts';
import { refuseOddContent } from './graphql/content-type.ts';
import { type GraphQLRoute, readGraphQLBody } from './graphql/graphql-body.ts';
import type { SandboxPage } from './graphql/sandbox.ts';
import { answerStranger } from './graphql/stranger.ts';
import type { RateLimits } from './rate-limits.ts';

export type GraphQLRoutesOptions = {
  readonly apollo: ApolloServer<GraphQLContext>;
  readonly publicSchema: GraphQLSchema | null;
  readonly limits: Limits;
  readonly verifyToken: TokenVerifier;
  readonly standingOf: AuthenticateOptions['standingOf'];
  readonly rateLimits: RateLimits;
  readonly browsers: AuthenticateOptions['browsers'];
  /** What every request's verbs work with, beside what is the request's own. */
  readonly services: Omit<DomainContext, 'principal' | 'sessionIdToken' | 'requestId' | 'ip' | 'log'>;
  readonly loaders: LoaderDefinitions;
  readonly denials: DenialBook;
  /** Shown to browsers at GET /graphql; null where there is none. */
  readonly sandbox: SandboxPage | null;
  readonly tracer: Tracer;
};

function isPageWanted({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

/** `POST /graphql` and `GET /graphql`. Everything in here answers a request without a good credential with one 401. */
export async function graphqlRoutes(app: FastifyInstance, options: GraphQLRoutesOptions): Promise<void> {
  const { sandbox, services, loaders, denials } = options;
  const authenticateCaller = authenticate({ ...options, onCaller: services.sessions.note });
  const forStrangers = answerStranger(options.publicSchema, options.limits);
  const forCallers = answerCaller(options.apollo, ({ principal, tenantRules, sessionIdToken, record, id, ip, log }) => {
    if (principal === null || record === null) throw new Error('a stranger reached Apollo');
    const domain = { ...services, principal, sessionIdToken, requestId: id, ip: toAddress(ip), log };
    return createCallerContext(domain, loaders, denials, new Date(), tenantRules, record);
  });

  app.decorateRequest('principal', null);
  app.decorateRequest('tenantRules', null);
  app.decorateRequest('sessionIdToken', null);
  app.addHook('onRequest', async (request, reply) => {
    if (sandbox && isPageWanted(request)) {
      // The header itself: what a proxy forwards as the host, a page of another name can send along.
      const { html, contentSecurityPolicy } = await sandbox(request.headers.host ?? '');
      return reply.type('text/html; charset=utf-8').header('content-security-policy', contentSecurityPolicy).send(html);
    }
    return authenticateCaller(request, reply);
  });
  app.addHook('onRequest', async (request, reply) =>
    request.principal === null ? undefined : refuseOddContent(request, reply),
  );
  // A body that cannot be read is one more thing a stranger learns nothing from.
  app.setErrorHandler((error, request, reply) => {
    if (request.principal === null) return replyUnauthenticated(reply);
    if (error instanceof AppError && error.code === 'BAD_REQUEST') return replyError(reply, 400, error, error.reason);
    throw error;
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    readGraphQLBody(body),
  );
  app.route<GraphQLRoute>({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    handler(request, reply) {
      return traceOperation(options.tracer, request.record, async () =>
        request.principal === null ? forStrangers(request, reply) : forCallers(request, reply),
      );
    },
  });
}
