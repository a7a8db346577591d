import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Balancer = AsyncDisposable & {
  readonly url: string;
  /** Sends it requests from the moment its /readyz says 200, and resolves then, until it says draining or says nothing. */
  add(nodeUrl: string): Promise<void>;
  /** Resolves once it has noticed that a node is draining: it sends that node no further request. */
  untilNoticed(nodeUrl: string): Promise<void>;
};

const PROBE_MS = 50;

/**
 * Stands in front of nodes as a load balancer does: it follows their readiness, keeps connections to them, and never tries
 * a request twice. What a node drops is a 502, and so is what it refuses on its way out.
 */
export async function startBalancer(): Promise<Balancer> {
  const nodes = new Map<string, boolean>();
  const agent = new Agent({ keepAlive: true });
  const probe = () => Promise.all([...nodes].map(async ([url, was]) => nodes.set(url, await isWilling(url, was))));
  const timer = setInterval(probe, PROBE_MS);
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const ready = [...nodes].flatMap(([url, isReady]) => (isReady ? [url] : []));
    turn += 1;
    forward(ready[turn % ready.length], agent, incoming, outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an AddressInfo; null and strings are for sockets that are closed or of a file.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    add: async (url) => {
      nodes.set(url, false);
      while (!nodes.get(url)) await probe();
    },
    untilNoticed: async (url) => {
      while (nodes.get(url)) await probe();
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

// A node that misses something for a moment is kept, as balancers do that count failures.
async function isWilling(url: string, was: boolean): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`);
    const { status } = Object(await response.json());
    return response.ok || (was && status !== 'draining');
  } catch {
    return false;
  }
}

function forward(node: string | undefined, agent: Agent, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const drop = (reason: string) => outgoing.writeHead(502).end(reason);
  if (node === undefined) {
    drop('no node is ready');
    return;
  }
  const { method, url = '/', headers } = incoming;
  const onward = request(new URL(url, node), { agent, method, headers: { ...headers, connection: 'keep-alive' } });
  onward.on('response', (answer) => {
    const { connection, ...kept } = answer.headers;
    if (answer.statusCode === 503 && connection === 'close') {
      answer.resume();
      drop('the node refused while it drained');
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, kept);
    answer.pipe(outgoing);
  });
  onward.on('error', (error) => drop(`the node hung up: ${error.message}`));
  incoming.pipe(onward);
}
