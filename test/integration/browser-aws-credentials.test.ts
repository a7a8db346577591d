import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../support/browser.ts';
import { type BrowserProduct, startBrowserProduct } from '../support/browser-product.ts';

const LEND = 'mutation { awsCredentials { credentials { accessKeyId } } }';

let product: BrowserProduct;
beforeAll(async () => {
  product = await startBrowserProduct();
});
afterAll(() => product[Symbol.asyncDispose]());

async function tenantTagOf(browser: Browser): Promise<unknown> {
  const { body } = await browser.query(LEND);
  expect(body.errors).toBeUndefined();
  return product.pool.identityPool.findTags(body.data.awsCredentials.credentials.accessKeyId)?.['tenant_id'];
}

async function tenantIdOf(slug: string): Promise<string | undefined> {
  const [tenant] = await product.sql<{ id: string }>('select id from tenants where slug = $1', [slug]);
  return tenant?.id;
}

describe('Mutation.awsCredentials of a browser, which holds no ID token', () => {
  it('goes by the one its session keeps, also after a refresh into another tenant', async () => {
    const browser = openBrowser(product);
    await browser.signIn('dora@both.test');
    for (const slug of ['acme', 'globex']) {
      const tenantId = await tenantIdOf(slug);
      await browser.post('/session/refresh', { tenantId });
      expect(await tenantTagOf(browser)).toBe(tenantId);
    }
  });

  it('takes none of another sign-in in its place', async () => {
    const browser = openBrowser(product);
    await browser.signIn('mia@acme.test');
    const { body } = await browser.query(
      'mutation { awsCredentials(input: { idToken: "e30.e30.e30" }) { credentials { accessKeyId } } }',
    );
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});
