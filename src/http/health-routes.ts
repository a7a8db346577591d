import type { FastifyInstance } from 'fastify';

/** What a node needs to answer: each rejects while it is not there. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

export type HealthRoutesOptions = {
  readonly checks: ReadinessChecks;
  /** True once this node is on its way out and wants no more requests sent to it. */
  readonly isDraining: () => boolean;
};

/** `GET /livez`: the process runs. `GET /readyz`: it can answer; 503 with what is missing while it cannot, or with `draining`. */
export async function healthRoutes(app: FastifyInstance, { checks, isDraining }: HealthRoutesOptions): Promise<void> {
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    if (isDraining()) return reply.code(503).send({ status: 'draining' });
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await passes(check)] as const),
    );
    const missing = results.flatMap(([name, isThere]) => (isThere ? [] : [name]));
    return missing.length === 0 ? { status: 'ok' } : reply.code(503).send({ status: 'unavailable', missing });
  });
}

async function passes(check: () => Promise<unknown>): Promise<boolean> {
  return check().then(
    () => true,
    () => false,
  );
}
