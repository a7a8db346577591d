import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Audit, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startBeside } from '../support/product.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const PRODUCTION = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'production.md'), 'utf8');
const AUDITS = 61;

/** The audits of https://graphql.github.io/graphql-over-http, as a caller whose token is good. */
function toAudits(product: () => Product): readonly Audit[] {
  const fetchAsMember = async (url: string, init: RequestInit = {}) => {
    const authorization = `Bearer ${await product().tokenOf('mia@acme.test')}`;
    const headers = { ...(init.headers as Record<string, string>), authorization, 'apollo-require-preflight': '1' };
    return fetch(url, { ...init, headers });
  };
  return serverAudits({ url: () => `${product().url}/graphql`, fetchFn: fetchAsMember });
}

describe('where introspection is on', () => {
  let product: Product;
  const audits = toAudits(() => product);
  beforeAll(async () => {
    product = await startBeside(await getSharedProduct(), { app: { sandbox: { demoToken: null } } });
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it(`${AUDITS} audits are made`, () => {
    expect(audits.length).toBe(AUDITS);
  });

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s: %s', async (_id, _name, audit) => {
    expect(await audit.fn()).toEqual({ id: audit.id, name: audit.name, status: 'ok' });
  });
});

describe('where it is off, as in production', () => {
  let product: Product;
  const audits = toAudits(() => product);
  beforeAll(async () => {
    product = await getSharedProduct();
  });

  it('just the audits fail that docs/production.md names', async () => {
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const failed = results.flatMap(({ id, name, status }) => (status === 'ok' ? [] : [`| ${id} | ${name} |`]));
    const named = PRODUCTION.split('\n').filter((line) => /^\| [0-9A-Z]{4} \|/.test(line));
    expect(failed.sort()).toEqual(named.sort());
    expect(failed).not.toEqual([]);
  });
});
