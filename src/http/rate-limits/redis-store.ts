import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Logger } from '../../observability/logger.ts';
import { type CircuitTimings, createCircuit } from './circuit.ts';
import type { LimitStore } from './rate-limit.ts';
import { createSharedLimit, toStoreOptions } from './shared-limit.ts';

const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
// A host that fell silent never closes its connections; one that answers no ping for so long is given up.
const PING_MS = 1_000;
const SILENCE_MS = 5_000;

/**
 * Limits shared by all nodes at one Redis. One that cannot be reached keeps no node from starting: what it holds decides how
 * many requests pass, never whose, and until it answers each node holds the limits alone.
 */
export async function openRedisStore(url: string, log: Logger, timings?: Partial<CircuitTimings>): Promise<LimitStore> {
  const { createClient } = await import('@redis/client');
  const circuit = createCircuit({ ...timings, log });
  const client = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: { reconnectStrategy: RECONNECT_MS, connectTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_MS },
  });
  client.on('error', circuit.fail);
  await circuit.run<unknown>(
    () => client.connect(),
    async () => null,
  );
  return {
    createLimit: (window) => {
      const limiter = new RateLimiterRedis({
        ...toStoreOptions({ ...window, name: `tenantry:${window.name}` }),
        storeClient: client,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
      });
      return createSharedLimit(limiter, window, circuit);
    },
    [Symbol.asyncDispose]: async () => client.destroy(),
  };
}
