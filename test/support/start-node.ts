import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { COMPILE_CACHE } from './compile-cache.ts';
import type { NodeEvent, NodeOrder, NodeParts } from './node-process.ts';
import { AUDIT_SECRET, type Product, TRIGGER_SECRET, toOverrides } from './product.ts';

export type Stopped = { readonly code: number | null; readonly ms: number };

/** One more node of a product, as a process. */
export type ProductNode = AsyncDisposable & {
  readonly url: string;
  /** Resolves once the node has sent this event, also when it did so earlier. Rejects when it ends first. */
  until(event: NodeEvent): Promise<void>;
  hasSent(event: NodeEvent): boolean;
  send(order: NodeOrder): void;
  /** Ends the field `block`, during which the node reads no order. */
  unblock(): void;
  /** Everything it has logged so far, warnings and errors. */
  logged(): string;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Stopped>;
};

export type NodeOptions = Partial<Pick<NodeParts, 'drainMs' | 'holdsDrain' | 'timings'>> & {
  readonly poolSize?: number;
};

const WARM_REQUESTS = 10;
const MODULE = join(import.meta.dirname, 'node-process.ts');
// stdin, stdout, stderr, the channel for messages, and the pipe that `block` reads from.
const STDIO = ['ignore', 'pipe', 'inherit', 'ipc', 'pipe'] as const;
const BLOCK_FD = 4;

export async function startNode(product: Product, options: NodeOptions = {}): Promise<ProductNode> {
  const { drainMs = 0, holdsDrain = false, timings = {}, poolSize = 5 } = options;
  const { pool } = product;
  const parts: NodeParts = {
    drainMs,
    holdsDrain,
    timings: toOverrides({ timings }).timings ?? {},
    pool: { endpoint: pool.endpoint, keySetUrl: pool.jwksUri },
    blockFd: BLOCK_FD,
  };
  const env = toEnvironment(product, poolSize);
  const child = fork(MODULE, [JSON.stringify(parts)], { env, execArgv: [], stdio: [...STDIO] });
  return lead(child);
}

function toEnvironment({ pool, database }: Product, poolSize: number): Record<string, string> {
  return {
    ...COMPILE_CACHE,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
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
}

type Message = NodeEvent | { readonly url: string };

async function lead(child: ChildProcess): Promise<ProductNode> {
  // Emitted after the output has ended too, so that the last lines of the log are complete.
  const closed = once(child, 'close');
  const endsEarly = closed.then(([code]) => fail(`ended with ${code}`));
  endsEarly.catch(() => undefined);
  const sent = new Set<NodeEvent>();
  const listening = Promise.withResolvers<string>();
  child.on('message', (message: Message) => {
    if (typeof message === 'string') sent.add(message);
    else listening.resolve(message.url);
  });
  let logged = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    logged += text;
  });
  const stop = async (signal: NodeJS.Signals) => {
    const since = performance.now();
    child.kill(signal);
    const [code] = await closed;
    return { code, ms: performance.now() - since };
  };
  return {
    url: await Promise.race([listening.promise, endsEarly]),
    until: async (event) => {
      while (!sent.has(event)) await Promise.race([once(child, 'message'), endsEarly]);
    },
    hasSent: (event) => sent.has(event),
    send: (order) => child.send(order),
    // STDIO makes it a pipe, which is a Writable.
    unblock: () => (child.stdio[BLOCK_FD] as Writable).write('.'),
    logged: () => logged,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL');
    },
  };
}

/** The same, once it has its connections and has answered: the first requests take longest. */
export async function startWarmNode(product: Product, token: string, options: NodeOptions): Promise<ProductNode> {
  const node = await startNode(product, options);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: '{ viewer { profile { email } } }' });
  const ask = async () => (await fetch(`${node.url}/graphql`, { method: 'POST', headers, body })).text();
  await ask();
  await Promise.all(Array.from({ length: WARM_REQUESTS }, ask));
  return node;
}

function fail(reason: string): never {
  throw new Error(`the node ${reason}`);
}
