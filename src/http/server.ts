import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { Telemetry } from '../observability/telemetry.ts';
import { allowOrigins } from './edge/cors.ts';
import { createFastify, type FastifyOptions } from './edge/create-fastify.ts';
import { createDrain, type Drain, type DrainTimings } from './edge/drain.ts';
import { replyNotFound } from './edge/not-found.ts';
import { type OverloadOptions, shedLoad } from './edge/overload.ts';
import { checkHead } from './edge/request-head.ts';
import { type SecurityHeadersOptions, securityHeaders } from './edge/security-headers.ts';
import { type GraphQLRoutesOptions, graphqlRoutes } from './graphql-routes.ts';
import { healthRoutes, type ReadinessChecks } from './health-routes.ts';
import { observeRequests } from './observe/observe-requests.ts';
import { type SessionRoutesOptions, sessionRoutes } from './session-routes.ts';
import { type TriggerRoutesOptions, triggerRoutes } from './trigger-routes.ts';

export type HttpServerOptions = Omit<FastifyOptions, 'bodyBytes'> &
  SecurityHeadersOptions & {
    readonly telemetry: Telemetry;
    /** Origins a browser may call from. Empty: none. */
    readonly corsOrigins: readonly string[];
    readonly overload: OverloadOptions;
    readonly graphql: GraphQLRoutesOptions;
    readonly triggers: TriggerRoutesOptions;
    /** Null where browsers have no sessions. */
    readonly sessions: SessionRoutesOptions | null;
    readonly checks: ReadinessChecks;
    /** Those left out are as in DRAIN_TIMINGS. */
    readonly drainTimings?: Partial<DrainTimings> | undefined;
  };

export type HttpServer = {
  /** Resolves to the address, once requests are answered there. */
  listen(at: { readonly host: string; readonly port: number }): Promise<string>;
  /** From now on /readyz says draining and every answer ends its connection. */
  drain(): void;
  /** Takes no more connections and waits for the requests there are; those still open 9 s after the first word are cut. */
  close(): Promise<void>;
};

export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app = createFastify({ ...options, bodyBytes: options.graphql.limits.bodyBytes });
  const drain = createDrain(app, options.drainTimings);
  observeRequests(app, options.telemetry);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  await securityHeaders(app, options);
  app.addHook('onRequest', checkHead);
  await allowOrigins(app, options.corsOrigins, { credentials: options.sessions !== null });
  if (options.sessions) await app.register(cookie);
  // A body is not read for an address that takes none.
  app.addHook('onRequest', async (request, reply) => (request.is404 ? replyNotFound(request, reply) : undefined));
  await registerRoutes(app, options, drain);
  return { listen: (at) => app.listen(at), drain: drain.begin, close: drain.finish };
}

async function registerRoutes(app: FastifyInstance, options: HttpServerOptions, drain: Drain): Promise<void> {
  // Not shed under load: a node that fails its probes is restarted, or leaves its share to others as loaded as itself,
  // and a trigger that fails is a sign-in that fails. Both are few, and a trigger waits no longer than those it is behind.
  await app.register(healthRoutes, { checks: options.checks, isDraining: drain.isUnderWay });
  await app.register(triggerRoutes, options.triggers);
  await app.register(async (shedding) => {
    shedLoad(shedding, options.overload);
    await shedding.register(graphqlRoutes, options.graphql);
    if (options.sessions) await shedding.register(sessionRoutes, options.sessions);
  });
}
