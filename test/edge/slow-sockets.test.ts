import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { type Product, startProduct } from '../support/product.ts';
import { dribble, openSocket, type Spoken, speak, toAnswer, toRequest, untilClosed } from '../support/raw-socket.ts';

const HOST = 'Host: localhost';
const POST = 'POST /graphql HTTP/1.1';
const JSON_TYPE = 'Content-Type: application/json';
/** More than the kernel takes off the server's hands while nobody reads. */
const BIG = 24 * 1024 * 1024;
const LIMIT_MS = 10_000;

const BODY = JSON.stringify({ query: '{ big }' });
const LONG = 'a'.repeat(100);

let product: Product;
let begun: ReturnType<typeof beginAll>;
beforeAll(async () => {
  const schemaFolder = join(import.meta.dirname, '..', '..', 'schema');
  const big = () => 'x'.repeat(BIG);
  product = await startProduct({
    overrides: {
      schema: {
        typeDefs: [...loadTypeDefs(schemaFolder), 'extend type Query { big: String @auth }'],
        resolvers: [...resolvers, { Query: { big } }],
      },
    },
  });
  begun = beginAll(product.url, `Authorization: Bearer ${await product.tokenOf('mia@acme.test')}`);
});
afterAll(() => product[Symbol.asyncDispose]());

/** All clients at the same time: the file takes as long as the slowest. */
function beginAll(url: string, bearer: string) {
  const limitMs = measureSleep(LIMIT_MS).then((ms) => ms * 1.35);
  const head = (...headers: readonly string[]) => toRequest(POST, [HOST, JSON_TYPE, ...headers]);
  const asking = toRequest(POST, [HOST, JSON_TYPE, bearer, `Content-Length: ${BODY.length}`], BODY);
  return {
    /**
     * Ten seconds as this process has them, and some for the second between two of the server's looks: on a machine that runs
     * other tests beside, every timer is late. Whoever is not closed is here for fifteen.
     */
    limitMs,
    silent: speak(url, ''),
    lineEnds: dribble(url, '', '\r\n'.repeat(50)),
    headers: dribble(url, `${POST}\r\n${HOST}\r\nX: `, LONG),
    body: dribble(url, head(bearer, 'Content-Length: 100'), LONG),
    chunks: dribble(url, head(bearer, 'Transfer-Encoding: chunked'), '1\r\na\r\n'.repeat(20)),
    refused: dribble(url, head('Authorization: Bearer bad', 'Content-Length: 100'), LONG),
    unread: leaveUnread(url, asking, '', limitMs),
    unreadAndNoisy: leaveUnread(url, asking, '\r\n', limitMs),
  };
}

async function measureSleep(ms: number): Promise<number> {
  const begun = performance.now();
  await sleep(ms);
  return performance.now() - begun;
}

/** Asks, makes a little noise each second for six, reads nothing until the server must have closed, then all that is there. */
async function leaveUnread(url: string, request: string, noise: string, limit: Promise<number>): Promise<Spoken> {
  const askedAt = performance.now();
  const socket = await openSocket(url);
  socket.pause();
  socket.write(request);
  // What is written after the server has closed is answered by a reset, which takes the answer with it.
  for (let second = 0; second < 6; second += 1) {
    await sleep(1_000);
    socket.write(noise);
  }
  await sleep((await limit) - (performance.now() - askedAt));
  return untilClosed(socket);
}

describe('a client is closed within 10 s', () => {
  it.each(['silent', 'lineEnds'] as const)('that sends nothing of a request (%s)', async (name) => {
    expect((await begun[name]).openMs).toBeLessThan(await begun.limitMs);
  });

  it('and is told nothing, had it said nothing', async () => {
    expect((await begun.silent).received).toBe('');
  });

  it.each(['headers', 'body', 'chunks'] as const)('that sends its %s a byte at a time', async (name) => {
    const spoken = await begun[name];
    expect([toAnswer(spoken).status, spoken.openMs < (await begun.limitMs)]).toEqual([408, true]);
  });

  it('that goes on sending a body after its answer, and gets no second one', async () => {
    const spoken = await begun.refused;
    expect([toAnswer(spoken).status, spoken.openMs < (await begun.limitMs)]).toEqual([401, true]);
    expect(spoken.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it.each(['unread', 'unreadAndNoisy'] as const)('that does not read its answer (%s)', async (name) => {
    const { received } = await begun[name];
    expect(received).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(received.length).toBeLessThan(BIG);
  });
});

describe('a client that takes its time between requests', () => {
  it('keeps its connection longer than a balancer in front would', async () => {
    const { headers } = await fetch(`${product.url}/livez`);
    const [, seconds] = /timeout=(\d+)/.exec(headers.get('keep-alive') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(60);
  });
});
