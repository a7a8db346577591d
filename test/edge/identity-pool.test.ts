import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  IDENTITY_POOL_TIMINGS,
  type IdentityPoolTimings,
  openIdentityPool,
} from '../../src/identity-pool/identity-pool.ts';
import { startBusyPool } from '../support/busy-pool.ts';
import { NEVER_MS } from '../support/eventually.ts';

const ID = 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef';
const IDENTITY = 'eu-west-1:76543210-89ab-cdef-0123-456789abcdef';
const Credentials = {
  AccessKeyId: 'ASIAEXAMPLE',
  SecretKey: 'secret',
  SessionToken: 'session',
  Expiration: 1_800_000_000,
};

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

async function lendFrom(endpoint: string, timings: Partial<IdentityPoolTimings> = {}) {
  const pool = await openIdentityPool({ id: ID, providerName: 'provider', endpoint, timings });
  opened.push({ [Symbol.asyncDispose]: async () => pool.close() });
  return pool.lend('token');
}

/** A pool that does this with every request. */
async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
  // A listening TCP server has an AddressInfo; null and strings are for sockets that are closed or of a file.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/** A pool that refuses everything by this name. */
async function startRefusing(type: string): Promise<{ readonly endpoint: string; readonly asked: () => number }> {
  let asked = 0;
  const endpoint = await startServer((request, response) => {
    request.resume();
    asked += 1;
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: type, message: 'Why not.' }));
  });
  return { endpoint, asked: () => asked };
}

describe('an identity pool', () => {
  it('is asked who that is, and then for his credentials, each time anew', async () => {
    const answer = (operation: string) => (operation === 'GetId' ? { IdentityId: IDENTITY } : { Credentials });
    const pool = await startBusyPool({ answer });
    opened.push(pool);
    const lent = {
      identityId: IDENTITY,
      accessKeyId: 'ASIAEXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: 'session',
      expiresAt: new Date(1_800_000_000_000),
    };
    expect([await lendFrom(pool.endpoint), await lendFrom(pool.endpoint)]).toEqual([lent, lent]);
    const operations = ['GetId', 'GetCredentialsForIdentity'];
    expect(pool.asked.map(({ operation }) => operation)).toEqual([...operations, ...operations]);
  });

  it.each(['NotAuthorizedException', 'ResourceConflictException'])(
    'that answers %s refuses the caller, in words of ours',
    async (type) => {
      const { endpoint, asked } = await startRefusing(type);
      await expect(lendFrom(endpoint)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: 'The identity pool gives this user no credentials.',
        reason: `identity pool: ${type}, Why not.`,
      });
      expect(asked()).toBe(1);
    },
  );

  it.each([
    ['InvalidIdentityPoolConfigurationException', 1],
    ['ResourceNotFoundException', 1],
    ['InvalidParameterException', 1],
    ['TooManyRequestsException', 2],
  ])('that answers %s is unavailable, after so many tries: %i', async (type, tries) => {
    const { endpoint, asked } = await startRefusing(type);
    await expect(lendFrom(endpoint)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', cause: { name: type } });
    expect(asked()).toBe(tries);
  });

  it('that answers without what was asked for is unavailable', async () => {
    const pool = await startBusyPool({ answer: () => ({ IdentityId: IDENTITY }) });
    opened.push(pool);
    await expect(lendFrom(pool.endpoint)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('that is not there is unavailable', async () => {
    await expect(lendFrom('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('that says nothing is unavailable once its time is over', async () => {
    let asked = 0;
    const endpoint = await startServer(() => {
      asked += 1;
    });
    // No request of it is given up by itself meanwhile.
    const timings = { timeoutMs: 300, requestTimeoutMs: NEVER_MS };
    await expect(lendFrom(endpoint, timings)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    // It is not asked once more either. On a busy machine the time may be over before it is asked at all.
    expect(asked).toBeLessThanOrEqual(1);
  });

  it('is waited for five seconds by default, and each request of it for two', () => {
    expect(IDENTITY_POOL_TIMINGS).toEqual({ timeoutMs: 5_000, requestTimeoutMs: 2_000 });
  });
});
