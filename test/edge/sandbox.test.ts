import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { signIn } from '../../local/seed/pool-users.ts';
import { type Product, startBeside } from '../support/product.ts';
import { sendRaw } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

const open = async ({ url }: Product) => {
  const response = await fetch(`${url}/graphql`, { headers: BROWSER });
  const { status, headers } = response;
  const [type, policy] = [headers.get('content-type'), headers.get('content-security-policy')];
  return { status, type, policy, html: await response.text() };
};

describe('GET /graphql in a browser, with Sandbox on', () => {
  let product: Product;
  beforeAll(async () => {
    const shared = await getSharedProduct();
    product = await startBeside(shared, {
      app: {
        sandbox: { demoToken: () => signIn(shared.sdk, 'mia@acme.test', DEMO_PASSWORD) },
        trustedProxies: ['loopback'],
      },
    });
  });
  afterAll(() => product[Symbol.asyncDispose]());

  it('is a page', async () => {
    const { status, type, html } = await open(product);
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html).toContain('embeddable-sandbox');
  });

  it('carries a token that works', async () => {
    const { html } = await open(product);
    const [, token = ''] = /Bearer(?: |%20)([\w-]+\.[\w-]+\.[\w-]+)/.exec(html) ?? [];
    const { body } = await product.query(token, '{ viewer { profile { email } } }');
    expect(body).toEqual({ data: { viewer: { profile: { email: 'mia@acme.test' } } } });
  });

  it('carries none under a name that is not of this machine', async () => {
    const visit = { method: 'GET', headers: { ...BROWSER, host: 'evil.test' } };
    const { status, text } = await sendRaw(product.url, visit);
    expect(status).toBe(200);
    expect(text).not.toContain('Bearer');
  });

  it('carries none where a page of another name claims to be forwarded', async () => {
    const headers = { ...BROWSER, host: 'evil.test', 'x-forwarded-host': 'localhost' };
    expect((await sendRaw(product.url, { method: 'GET', headers })).text).not.toContain('Bearer');
  });

  it('loads what carries its nonce, and frames Apollo alone', async () => {
    const { policy, html } = await open(product);
    const [, nonce = ''] = /<script nonce="(\w+)"/.exec(html) ?? [];
    const directives = policy?.split('; ');
    expect(directives).toContain("default-src 'none'");
    expect(directives).toContain(`script-src 'nonce-${nonce}'`);
    expect(directives).toContain('frame-src https://sandbox.embed.apollographql.com');
    expect(policy).not.toMatch(/unsafe|\*/);
  });

  it('has no script or style that carries none', async () => {
    const { html } = await open(product);
    const sources = [...html.matchAll(/<script(?![^>]*nonce=)|<style(?![^>]*nonce=)|\son\w+=|\sstyle=/g)];
    expect(sources).toEqual([]);
  });

  it('carries a new one on each visit', async () => {
    expect((await open(product)).html).not.toBe((await open(product)).html);
  });

  it('lets a caller with a token look at the schema', async () => {
    const { body } = await product.query(await product.tokenOf('mia@acme.test'), '{ __type(name: "Viewer") { name } }');
    expect(body).toEqual({ data: { __type: { name: 'Viewer' } } });
  });

  it('is a page for browsers alone', async () => {
    const response = await fetch(`${product.url}/graphql`, { headers: { accept: 'application/json' } });
    expect(response.status).toBe(401);
  });
});

describe('GET /graphql in a browser, with Sandbox off', () => {
  let product: Product;
  beforeAll(async () => {
    product = await getSharedProduct();
  });

  it('is the 401 that everything else is', async () => {
    const { status, html } = await open(product);
    expect([status, JSON.parse(html).errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});
