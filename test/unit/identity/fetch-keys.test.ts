import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchKeys } from '../../../src/identity/fetch-keys.ts';
import { KEY_SET_TIMINGS } from '../../../src/identity/key-set.ts';
import { NEVER_MS } from '../../support/eventually.ts';
import { createForge } from './forge.ts';

const DOCUMENT = JSON.stringify(createForge().jwks);
const BOMB = gzipSync(Buffer.alloc(50_000_000, ' '));

/** For answers that do not come; the others have all the time they take. */
const SHORT_MS = 100;

/** A server that answers every path like this, and how many requests it has seen. */
async function serve(listener: RequestListener) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/jwks.json`, seen, [Symbol.asyncDispose]: close };
}

describe.concurrent('fetchKeys', () => {
  it('gives the keys that are published', async () => {
    await using server = await serve((_, response) => response.end(DOCUMENT));
    expect([...(await fetchKeys(server.url, NEVER_MS)).keys()]).toEqual(['key']);
  });

  it('reads an answer of 64 KiB', async () => {
    await using server = await serve((_, response) => response.end(DOCUMENT.padEnd(65_536)));
    expect((await fetchKeys(server.url, NEVER_MS)).size).toBe(1);
  });

  it('takes no keys from an answer without a body', async () => {
    await using server = await serve((_, response) => response.writeHead(204).end());
    await expect(fetchKeys(server.url, NEVER_MS)).rejects.toThrow('json: malformed');
  });

  it('follows no redirect', async () => {
    await using server = await serve(({ url }, response) =>
      url === '/jwks.json' ? response.writeHead(302, { location: '/other' }).end() : response.end(DOCUMENT),
    );
    await expect(fetchKeys(server.url, NEVER_MS)).rejects.toThrow();
    expect(server.seen).toEqual(['/jwks.json']);
  });

  it.each([404, 500])('takes no keys from an answer of %i', async (status) => {
    await using server = await serve((_, response) => response.writeHead(status).end(DOCUMENT));
    await expect(fetchKeys(server.url, NEVER_MS)).rejects.toThrow(`key set: answered ${status}`);
  });

  it('reads no more than 64 KiB of an answer that does not end', async () => {
    await using server = await serve((_, response) => {
      const pour = setInterval(() => response.write(' '.repeat(16_384)), 1);
      response.on('close', () => clearInterval(pour));
    });
    await expect(fetchKeys(server.url, NEVER_MS)).rejects.toThrow('key set: over 65536 bytes');
  });

  it('unpacks no more than 64 KiB', async () => {
    await using server = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
    );
    await expect(fetchKeys(server.url, NEVER_MS)).rejects.toThrow('key set: over 65536 bytes');
  });

  it('gives up on an answer that does not come', async () => {
    await using server = await serve(() => {});
    await expect(fetchKeys(server.url, SHORT_MS)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('gives up on an answer that comes a byte at a time', async () => {
    await using server = await serve((_, response) => {
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    });
    await expect(fetchKeys(server.url, SHORT_MS)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('by default', () => {
  it('a fetch is given up after three seconds, and one that failed repeated after five', () => {
    expect(KEY_SET_TIMINGS).toMatchObject({ fetchTimeoutMs: 3_000, retryMs: 5_000 });
  });
});
