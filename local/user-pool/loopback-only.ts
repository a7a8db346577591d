import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/u;

/**
 * Lets in pages and programs of this machine alone. A page from elsewhere may resolve its own name to 127.0.0.1 (DNS
 * rebinding) and then read the mailbox as its own origin: the Host header gives it away.
 */
export async function admitLoopbackOnly(server: FastifyInstance): Promise<void> {
  server.addHook('onRequest', async (request, reply) => {
    if (!LOOPBACK.test(request.hostname)) {
      return reply.code(403).send({ message: 'The local user pool answers to 127.0.0.1 and localhost alone.' });
    }
  });
  await server.register(cors, {
    origin: (origin, decide) => decide(null, origin !== undefined && isLoopbackOrigin(origin)),
  });
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK.test(new URL(origin).hostname);
}
