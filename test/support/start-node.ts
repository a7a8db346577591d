import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { NodeParts } from './node-process.ts';
import { AUDIT_SECRET, type Product, TRIGGER_SECRET } from './product.ts';

export type Stopped = { readonly code: number | null; readonly ms: number };

/** One more node of a product, as a process. */
export type ProductNode = AsyncDisposable & {
  readonly url: string;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Stopped>;
};

export type NodeOptions = { readonly drainMs?: number; readonly poolSize?: number };

const WARM_REQUESTS = 10;
const MODULE = join(import.meta.dirname, 'node-process.ts');

export async function startNode(
  product: Product,
  { drainMs = 0, poolSize = 5 }: NodeOptions = {},
): Promise<ProductNode> {
  const { pool, database } = product;
  const parts: NodeParts = { drainMs, pool: { endpoint: pool.endpoint, keySetUrl: pool.jwksUri } };
  const env = {
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.appUrl,
    DATABASE_POOL_SIZE: String(poolSize),
    COGNITO_USER_POOL_ID: pool.poolId,
    COGNITO_CLIENT_IDS: pool.clientId,
    TRIGGER_SECRETS: TRIGGER_SECRET,
    AUDIT_SECRETS: AUDIT_SECRET,
    SIGN_UP_ALLOWED_DOMAINS: '*',
    RATE_LIMIT_CALLER: 'off',
    RATE_LIMIT_ADDRESS: 'off',
  };
  const child = fork(MODULE, [JSON.stringify(parts)], { env, execArgv: [] });
  const exit = once(child, 'exit');
  const stop = async (signal: NodeJS.Signals) => {
    const since = performance.now();
    child.kill(signal);
    const [code] = await exit;
    return { code, ms: performance.now() - since };
  };
  const [url] = await Promise.race([once(child, 'message'), exit.then(([code]) => fail(`ended with ${code}`))]);
  return {
    url,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL');
    },
  };
}

/** The same, once it has its connections and has answered: a cold node on a busy machine may have to shed requests. */
export async function startWarmNode(product: Product, token: string, options: NodeOptions): Promise<ProductNode> {
  const node = await startNode(product, options);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: '{ viewer { profile { email } } }' });
  const ask = () => fetch(`${node.url}/graphql`, { method: 'POST', headers, body });
  await ask();
  await Promise.all(Array.from({ length: WARM_REQUESTS }, ask));
  return node;
}

function fail(reason: string): never {
  throw new Error(`the node ${reason}`);
}
