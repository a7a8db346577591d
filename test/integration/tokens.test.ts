import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { idsOf, toUserClaims } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type RawAnswer, type RawRequest, sendRaw, toGraphQL } from '../support/raw-request.ts';

const VIEWER = '{ viewer { sub groups } }';

let product: Product;
let acmeId: string;
let globexId: string;
let miaSub: string;
/** What nobody gets for the same question: every refusal below must equal it to the byte. */
let refusal: RawAnswer;

beforeAll(async () => {
  product = await startProduct();
  const mia = await idsOf(product, 'mia@acme.test', 'acme');
  [acmeId, miaSub] = [mia.tenantId, mia.sub];
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
  refusal = await sendRaw(product.url, toGraphQL(VIEWER));
});
afterAll(() => product[Symbol.asyncDispose]());

const ask = (request: RawRequest) => sendRaw(product.url, request);
const askAs = (token: string) => ask(toGraphQL(VIEWER, { authorization: `Bearer ${token}` }));
const signAs = (claims: object) => product.pool.signToken(toUserClaims(product, miaSub, claims));

/** A token put together by hand, signed in whatever way. */
function forge(header: object, claims: object, toSignature: (input: string) => Buffer): string {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${toSignature(input).toString('base64url')}`;
}

async function publishedKey(): Promise<JsonWebKey & { readonly kid: string }> {
  const { kid } = decodeProtectedHeader(await product.tokenOf('mia@acme.test'));
  const { keys } = (await (await fetch(product.pool.jwksUri)).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find((one) => one.kid === kid);
  if (key === undefined) throw new Error('the pool does not publish its access-token key');
  return key;
}

describe('a good access token', () => {
  it('is let in', async () => {
    const answer = await askAs(await product.tokenOf('mia@acme.test'));
    expect(JSON.parse(answer.text)).toEqual({ data: { viewer: { sub: miaSub, groups: ['Users', 'TenantMembers'] } } });
  });

  it('is let in when the test signs it, so that each refusal below has one cause', async () => {
    expect((await askAs(await signAs({}))).status).toBe(200);
  });

  it.each(['bearer', 'BEARER'])('is let in under the scheme %s, which knows no case', async (scheme) => {
    const token = await product.tokenOf('mia@acme.test');
    expect((await ask(toGraphQL(VIEWER, { authorization: `${scheme} ${token}` }))).status).toBe(200);
  });
});

describe('without a credential', () => {
  it('a ruled field answers 401 and how to authenticate', () => {
    expect(refusal.status).toBe(401);
    expect(refusal.headers).toContain('www-authenticate: Bearer realm="tenantry"');
    expect(JSON.parse(refusal.text).errors).toEqual([
      { message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });
});

describe('a token that is no credential is answered like no token, to the byte', () => {
  const now = Math.floor(Date.now() / 1000);

  it("the same user's ID token", async () => {
    const { AuthenticationResult } = await product.sdk.send(
      new InitiateAuthCommand({
        ClientId: product.pool.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'mia@acme.test', PASSWORD: DEMO_PASSWORD },
      }),
    );
    expect((await askAs(AuthenticationResult?.AccessToken ?? '')).status).toBe(200);
    expect(await askAs(AuthenticationResult?.IdToken ?? '')).toEqual(refusal);
  });

  it("one signed with another key under the pool's key id", async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const header = decodeProtectedHeader(await product.tokenOf('mia@acme.test'));
    const token = forge(header, toUserClaims(product, miaSub), (input) =>
      sign('sha256', Buffer.from(input), privateKey),
    );
    expect(await askAs(token)).toEqual(refusal);
  });

  it.each(['none', 'None', 'NONE'])('one without a signature, alg %s', async (alg) => {
    const { kid } = await publishedKey();
    expect(await askAs(forge({ alg, kid }, toUserClaims(product, miaSub), () => Buffer.alloc(0)))).toEqual(refusal);
  });

  it('one signed by HS256 with the public key as the secret', async () => {
    const key = await publishedKey();
    const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const claims = toUserClaims(product, miaSub);
    const token = forge({ alg: 'HS256', kid: key.kid }, claims, (input) =>
      createHmac('sha256', pem).update(input).digest(),
    );
    expect(await askAs(token)).toEqual(refusal);
  });

  it("a real one with another user's subject put in", async () => {
    const [header, , signature] = (await product.tokenOf('mia@acme.test')).split('.');
    const claims = { ...decodeJwt(await product.tokenOf('mia@acme.test')), sub: globexId };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(await askAs([header, payload, signature].join('.'))).toEqual(refusal);
  });

  const badClaims: [string, () => object][] = [
    ['expired a second ago', () => ({ iat: now - 3601, exp: now - 1 })],
    ["of another pool's issuer", () => ({ iss: product.pool.issuer.replace(/_.*/, '_Elsewhere1') })],
    ['of an app client nobody knows', () => ({ client_id: 'somebodyelsesclient' })],
    ['of a user without origin_jti', () => ({ origin_jti: undefined })],
    ['that says it is an ID token', () => ({ token_use: 'id' })],
    ['whose tenant_id differs from custom:tenant_id', () => ({ tenant_id: acmeId, 'custom:tenant_id': globexId })],
    ['whose tenant_id is no id', () => ({ tenant_id: 'acme' })],
    ['whose groups are no list', () => ({ 'cognito:groups': 'Admins' })],
    ['with an empty subject', () => ({ sub: '' })],
    ['without expiry', () => ({ exp: undefined })],
    ['of a user whose subject is the app client', () => ({ sub: product.pool.clientId })],
  ];
  it.each(badClaims)('one %s', async (_, claims) => {
    expect(await askAs(await signAs(claims()))).toEqual(refusal);
  });

  it('one whose key the pool does not publish', async () => {
    const token = await product.pool.signToken(toUserClaims(product, miaSub), { kid: 'nobodysKey' });
    expect(await askAs(token)).toEqual(refusal);
  });

  it.each([
    ['a word', 'Bearer garbage'],
    ['the scheme alone', 'Bearer'],
    ['two tokens in one header', 'Bearer a.b.c d.e.f'],
    ['nothing', ''],
    ['9 KB', `Bearer ${'a'.repeat(9_000)}`],
  ])('%s for a header', async (_, authorization) => {
    expect(await ask(toGraphQL(VIEWER, { authorization }))).toEqual(refusal);
  });

  it('a good one under the scheme Basic', async () => {
    const authorization = `Basic ${await product.tokenOf('mia@acme.test')}`;
    expect(await ask(toGraphQL(VIEWER, { authorization }))).toEqual(refusal);
  });

  it('a good one in each of two Authorization headers', async () => {
    const authorization = `Bearer ${await product.tokenOf('mia@acme.test')}`;
    expect(await ask(toGraphQL(VIEWER, { authorization: [authorization, authorization] }))).toEqual(refusal);
  });

  it('a good one in the query string', async () => {
    const path = `/graphql?access_token=${await product.tokenOf('mia@acme.test')}`;
    expect(await ask({ ...toGraphQL(VIEWER), path })).toEqual(refusal);
  });

  it('a good one in a cookie', async () => {
    const cookie = `access_token=${await product.tokenOf('mia@acme.test')}`;
    expect(await ask(toGraphQL(VIEWER, { cookie }))).toEqual(refusal);
  });

  it('a bad one is refused a public field too', async () => {
    expect(await ask(toGraphQL('{ health { status } }', { authorization: 'Bearer garbage' }))).toEqual(refusal);
  });
});
