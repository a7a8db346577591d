import { randomBytes } from 'node:crypto';
import type { AppOptions, AppTimings } from '../../src/app.ts';
import type { RateLimitOptions } from '../../src/http/rate-limits.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { type Product, startBeside, startProduct } from './product.ts';

export type TwoNodes = AsyncDisposable & {
  readonly product: Product;
  /** What a node answers this bearer, or a stranger from an address of his own, to one request after another. */
  repeat(times: number, node: 0 | 1, token: string | null): Promise<readonly string[]>;
  /** What both have said of the store of rate limits: its log lines at the levels of error and info. */
  said(): readonly string[];
};

/** The product twice on one database, with rate limits that are to be shared. */
export async function startTwoNodes(rateLimits: RateLimitOptions, timings: AppTimings = {}): Promise<TwoNodes> {
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => lines.push(line) });
  const given: Partial<AppOptions> = { rateLimits, log, trustedProxies: ['loopback'] };
  const product = await startProduct({ app: given, overrides: { timings } });
  const second = await startBeside(product, { app: given, overrides: { timings } });
  const urls = [product.url, second.url] as const;
  // Where they count may outlive them, and a run before this one.
  const address = `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
  return {
    product,
    repeat: async (times, node, token) => {
      const answers: string[] = [];
      for (let count = 0; count < times; count += 1) answers.push(await ask(urls[node], token, address));
      return answers;
    },
    said: () => lines.filter((line) => line.includes('the store of rate limits')),
    [Symbol.asyncDispose]: async () => {
      await second[Symbol.asyncDispose]();
      await product[Symbol.asyncDispose]();
    },
  };
}

async function ask(url: string, token: string | null, address: string): Promise<string> {
  const credential = token === null ? { 'x-forwarded-for': address } : { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credential },
    body: JSON.stringify({ query: '{ viewer { sub } }' }),
  });
  await response.text();
  return response.headers.has('retry-after') ? `${response.status} later` : String(response.status);
}
