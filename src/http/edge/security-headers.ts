import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** RFC 6797: a year, as browsers ask of a host that means it. */
const HSTS = 'max-age=31536000';

/** What an answer carries that no hook runs for. */
export const BARE_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

export type SecurityHeadersOptions = {
  /** True where clients come by https whatever the connection here says. */
  readonly isHttpsInFront: boolean;
};

/**
 * Headers for an API that is no page: nothing may be loaded, framed, guessed or stored. HSTS only where the client is
 * known to have come by https: said to another, it would lock him out.
 */
export async function securityHeaders(app: FastifyInstance, { isHttpsInFront }: SecurityHeadersOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (isHttpsInFront || request.protocol === 'https') reply.header('strict-transport-security', HSTS);
  });
}
