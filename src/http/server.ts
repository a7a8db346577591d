import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance, LogController } from 'fastify';
import { MASKED_MESSAGE } from '../graphql/errors.ts';
import { replyError } from './error-reply.ts';
import { type GraphQLRoutesOptions, graphqlRoutes } from './graphql-routes.ts';
import { healthRoutes, type ReadinessChecks } from './health-routes.ts';
import { type TriggerRoutesOptions, triggerRoutes } from './trigger-routes.ts';

export type HttpServerOptions = {
  readonly log: FastifyBaseLogger;
  /** Origins a browser may call from. Empty: none. */
  readonly corsOrigins: readonly string[];
  readonly graphql: GraphQLRoutesOptions;
  readonly triggers: TriggerRoutesOptions;
  readonly checks: ReadinessChecks;
};

const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/;
const REQUEST_TIMEOUT_MS = 10_000;

export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: options.graphql.limits.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, _request, reply) =>
      replyError(reply, 400, { code: 'BAD_REQUEST', message: 'That address cannot be read.' }),
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const view = toView(error, options.graphql.limits.bodyBytes);
    if (view.status === 500) request.log.error({ err: error }, 'failed');
    return replyError(reply, view.status, view);
  });
  app.setNotFoundHandler((_request, reply) =>
    replyError(reply, 404, { code: 'NOT_FOUND', message: 'There is nothing at this address.' }),
  );

  await app.register(cors, {
    origin: [...options.corsOrigins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
  await app.register(healthRoutes, { checks: options.checks });
  await app.register(triggerRoutes, options.triggers);
  await app.register(graphqlRoutes, options.graphql);
  return app;
}

function toView(error: FastifyError, bodyBytes: number) {
  const status = error.statusCode ?? 500;
  if (status === 413) {
    return {
      status,
      code: 'PAYLOAD_TOO_LARGE',
      message: `A body may have at most ${bodyBytes} bytes.`,
    } as const;
  }
  if (status === 415) {
    return { status, code: 'BAD_REQUEST', message: 'Send the request as application/json.' } as const;
  }
  if (status >= 400 && status < 500) {
    return { status: 400, code: 'BAD_REQUEST', message: 'The request cannot be read: is its body JSON?' } as const;
  }
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message: MASKED_MESSAGE } as const;
}
