import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolvers } from '../../src/graphql/resolvers/index.ts';
import { loadTypeDefs } from '../../src/graphql/schema.ts';
import { CONNECTION_TIMINGS } from '../../src/http/edge/connections.ts';
import { createFastify } from '../../src/http/edge/create-fastify.ts';
import { type Product, startBeside } from '../support/product.ts';
import { dribble, openSocket, speak, toAnswer, toRequest, untilClosed } from '../support/raw-socket.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { createTranscriptLog } from '../support/transcript.ts';

const HOST = 'Host: localhost';
const POST = 'POST /graphql HTTP/1.1';
const JSON_TYPE = 'Content-Type: application/json';
/** More than the kernel takes off the server's hands while nobody reads. */
const BIG = 24 * 1024 * 1024;
/** More than a client can send byte by byte. */
const LENGTH = 'Content-Length: 50000';
const NOISE_MS = 20;

const BODY = JSON.stringify({ query: '{ big }' });
/** A fifth to a tenth of the limits in production. */
const TIMINGS = { headersMs: 1_000, requestMs: 1_500, checkMs: 100, answerMs: 1_000 };

let product: Product;
let begun: Awaited<ReturnType<typeof beginAll>>;
beforeAll(async () => {
  const schemaFolder = join(import.meta.dirname, '..', '..', 'schema');
  const big = () => 'x'.repeat(BIG);
  product = await startBeside(await getSharedProduct(), {
    overrides: {
      schema: {
        typeDefs: [...loadTypeDefs(schemaFolder), 'extend type Query { big: String @auth }'],
        resolvers: [...resolvers, { Query: { big } }],
      },
      timings: { connections: TIMINGS },
    },
  });
  const token = await product.tokenOf('mia@acme.test');
  // The first request takes longest, and that time must not count against a client.
  await product.query(token, '{ viewer { sub } }');
  begun = await beginAll(product.url, `Authorization: Bearer ${token}`);
});
afterAll(() => product[Symbol.asyncDispose]());

/**
 * All clients at the same time: the file takes as long as the slowest. Those that ask for a big answer begin before the
 * others: the server runs in this thread, and reads nothing while it makes such an answer.
 */
async function beginAll(url: string, bearer: string) {
  const head = (...headers: readonly string[]) => toRequest(POST, [HOST, JSON_TYPE, ...headers]);
  const asking = toRequest(POST, [HOST, JSON_TYPE, bearer, `Content-Length: ${BODY.length}`], BODY);
  const [unread, unreadAndNoisy] = [await askAndIgnore(url, asking, ''), await askAndIgnore(url, asking, '\r\n')];
  return {
    unread: unread.closed,
    unreadAndNoisy: unreadAndNoisy.closed,
    silent: speak(url, ''),
    lineEnds: dribble(url, '', '\r\n'),
    headers: dribble(url, `${POST}\r\n${HOST}\r\nX: `, 'a'),
    body: dribble(url, head(bearer, LENGTH), 'a'),
    chunks: dribble(url, head(bearer, 'Transfer-Encoding: chunked'), '1\r\na\r\n'),
    refused: dribble(url, head('Authorization: Bearer bad', LENGTH), 'a'),
  };
}

/**
 * Sends a request, and resolves once the answer has begun. From then on the client sends `noise` again and again and reads
 * nothing until the server has closed the connection; `closed` resolves to what could be read after that.
 */
async function askAndIgnore(url: string, request: string, noise: string) {
  const socket = await openSocket(url);
  socket.pause();
  const taken = untilTaken(socket);
  socket.write(request);
  const { incoming, outgoing } = await taken;
  while (!outgoing.headersSent) await sleep(1);
  const ignore = async () => {
    while (!outgoing.closed) {
      socket.write(noise);
      await sleep(NOISE_MS);
    }
    const heardBytes = incoming.socket.bytesRead - request.length;
    const { received } = await untilClosed(socket);
    return { status: outgoing.statusCode, isWhole: outgoing.writableFinished, heardBytes, received };
  };
  return { closed: ignore() };
}

type Exchange = { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse };

/** The server's side of the next request over a socket of this process. */
function untilTaken({ localPort }: Socket): Promise<Exchange> {
  const CHANNEL = 'http.server.request.start';
  return new Promise((resolve) => {
    const take = (message: unknown) => {
      const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse };
      if (request.socket.remotePort !== localPort) return;
      unsubscribe(CHANNEL, take);
      resolve({ incoming: request, outgoing: response });
    };
    subscribe(CHANNEL, take);
  });
}

describe('a client is closed within 10 s', () => {
  it.each(['silent', 'lineEnds'] as const)('that sends nothing of a request (%s)', async (name) => {
    expect((await begun[name]).closedBy).toBe('server');
  });

  it('and is told nothing, had it said nothing', async () => {
    expect((await begun.silent).received).toBe('');
  });

  it.each(['headers', 'body', 'chunks'] as const)('that sends its %s a byte at a time', async (name) => {
    const spoken = await begun[name];
    expect([toAnswer(spoken).status, spoken.closedBy]).toEqual([408, 'server']);
  });

  it('that goes on sending a body after its answer, and gets no second one', async () => {
    const spoken = await begun.refused;
    expect([toAnswer(spoken).status, spoken.closedBy]).toEqual([401, 'server']);
    expect(spoken.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it.each(['unread', 'unreadAndNoisy'] as const)('that does not read its answer (%s)', async (name) => {
    const { status, isWhole, received } = await begun[name];
    expect([status, isWhole]).toEqual([200, false]);
    expect(received.length).toBeLessThan(BIG);
  });

  it('though it makes noise meanwhile', async () => {
    expect((await begun.unreadAndNoisy).heardBytes).toBeGreaterThan(0);
    // A quiet client still reads what the kernel had accepted: the connection ended, it was not reset.
    expect((await begun.unread).received).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('by the limits that hold by default', async () => {
    const { headersMs, requestMs, checkMs, answerMs, idleMs } = CONNECTION_TIMINGS;
    for (const limitMs of [headersMs + checkMs, requestMs + checkMs, answerMs]) {
      expect(limitMs).toBeLessThanOrEqual(10_000);
    }
    const log = createTranscriptLog();
    const { server } = createFastify({ log, bodyBytes: 1, trustedProxies: [], maxConnections: 1 });
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
    });
  });
});

describe('a client that takes its time between requests', () => {
  it('keeps its connection longer than a balancer in front would', async () => {
    const { headers } = await fetch(`${product.url}/livez`);
    const [, seconds] = /timeout=(\d+)/.exec(headers.get('keep-alive') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(60);
  });
});
