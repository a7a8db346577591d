import Fastify from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../src/errors.ts';
import { authenticate } from '../../../src/http/authenticate.ts';
import { createMemoryLimit } from '../../../src/http/rate-limits/memory-limit.ts';
import type { RateLimit } from '../../../src/http/rate-limits/rate-limit.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { aUser } from '../access/fixtures.ts';

const LIMIT = 5;

/** What verifying a signature costs is paid here; no token is ever known. */
let verify: () => Promise<Principal>;
let address: RateLimit;

beforeEach(() => {
  address = createMemoryLimit({ name: 'address', requests: LIMIT, seconds: 60 });
});

/** The statuses of as many requests at once, each with a token of its own. */
async function send(requests: number): Promise<readonly number[]> {
  const app = Fastify();
  const verifyToken = { verify, isKnown: () => false };
  const standingOf = () => ({ end: null, isStale: false, tenantRules: null });
  app.decorateRequest('principal', null);
  app.decorateRequest('tenantRules', null);
  app.decorateRequest('sessionIdToken', null);
  app.addHook(
    'onRequest',
    authenticate({
      verifyToken,
      standingOf,
      onCaller: () => {},
      rateLimits: { caller: null, address },
      browsers: null,
    }),
  );
  app.get('/', async () => 'let in');
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const tokens = Array.from({ length: requests }, (_, index) => `Bearer token-${index}`);
  const answers = await Promise.all(tokens.map((authorization) => fetch(url, { headers: { authorization } })));
  await app.close();
  return answers.map(({ status }) => status);
}

describe('a flood of forged tokens', () => {
  it('costs as many verifications as the limit of its address, be they sent at once', async () => {
    let verified = 0;
    verify = async () => {
      verified += 1;
      throw new Error('signature: does not hold');
    };
    expect((await send(200)).filter((status) => status === 401)).toHaveLength(LIMIT);
    expect(verified).toBe(LIMIT);
  });
});

describe('what is no refusal of a token', () => {
  it('does not count: the keys cannot be had', async () => {
    verify = async () => Promise.reject(unavailable('key set: cannot be fetched'));
    for (let count = 0; count < 2 * LIMIT; count += 1) expect(await send(1)).toEqual([503]);
  });

  it('does not count: the token is good', async () => {
    verify = async () => aUser();
    for (let count = 0; count < 2 * LIMIT; count += 1) expect(await send(1)).toEqual([200]);
  });
});
