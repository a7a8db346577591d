import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { type BrowserProduct, startBrowserProduct } from '../support/browser-product.ts';

let product: BrowserProduct;
beforeAll(async () => {
  product = await startBrowserProduct();
});
afterAll(() => product[Symbol.asyncDispose]());

const VIEWER = '{ viewer { profile { email } tenantId } }';

describe('GET /session/sign-in', () => {
  it('leads to the pool and back, and the cookie is a credential', async () => {
    const browser = openBrowser(product);
    const page = await browser.signIn('mia@acme.test');
    console.log(page.trail, page.text.slice(0, 200));
    const { status, body } = await browser.query(VIEWER);
    expect([status, body.data.viewer.profile.email]).toEqual([200, 'mia@acme.test']);
  });
});
