import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { type Product, TRIGGER_SECRET } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { toEvent } from '../support/webhooks.ts';

// Plain JavaScript, as Lambda runs it, with no declarations beside it.
const LAMBDA = new URL('../../infra/trigger-forwarder/index.mjs', import.meta.url).href;
const NOT_AVAILABLE = 'The sign-in service is not available. Try again';

describe('the forwarder in front of a real pool', () => {
  let product: Product;
  let handler: (event: object) => Promise<object>;
  let log: MockInstance<typeof console.error>;

  beforeAll(async () => {
    product = await getSharedProduct();
    ({ handler } = await import(LAMBDA));
  });

  beforeEach(() => {
    vi.stubEnv('TRIGGER_URL', `${product.url}/triggers/cognito`);
    vi.stubEnv('TRIGGER_SECRET', TRIGGER_SECRET);
    log = vi.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const signUpOf = (email: string) => toEvent(product, 'PreSignUp_SignUp', { email });

  it('returns the event with the response filled', async () => {
    const event = signUpOf('nina@auto.test');
    const response = { autoConfirmUser: true, autoVerifyEmail: true };
    expect(await handler(event)).toEqual({ ...event, response });
  });

  it('throws the sentence of a refusal, without the full stop that Cognito adds', async () => {
    await expect(handler(signUpOf('eve@evil.test'))).rejects.toThrow(
      /^Sign-up is not open to addresses at evil\.test$/,
    );
  });

  it.each([
    ['a secret the API does not know', { TRIGGER_SECRET: 'whsec_QW5vdGhlciBzZWNyZXQgb2YgMzIgYnl0ZXMgaGVyZQ==' }],
    ['no secret', { TRIGGER_SECRET: '' }],
    ['nobody at the address', { TRIGGER_URL: 'http://127.0.0.1:1/triggers/cognito' }],
    ['no address', { TRIGGER_URL: '' }],
  ])('tells the user nothing but to try again with %s', async (_what, settings) => {
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    const email = 'nina@auto.test';
    await expect(handler(signUpOf(email))).rejects.toThrow(new Error(NOT_AVAILABLE));
    expect(log).toHaveBeenCalledExactlyOnceWith(expect.not.stringContaining(email));
  });

  it('follows no redirect with the attributes of a user', async () => {
    await using server = createServer((_request, reply) => {
      reply.writeHead(307, { location: `${product.url}/triggers/cognito` }).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    vi.stubEnv('TRIGGER_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect(handler(signUpOf('nina@auto.test'))).rejects.toThrow(new Error(NOT_AVAILABLE));
  });
});
