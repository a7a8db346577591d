import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { type App, type AppOptions, type AppTimings, createApp } from '../../src/app.ts';
import { StartupError } from '../../src/errors.ts';
import { HOSTILE_TOKENS } from '../property/hostile-tokens.ts';
import { EVENTUALLY } from '../support/eventually.ts';
import { type KeyServer, startKeyServer } from '../support/key-server.ts';
import { idsOf, toUserClaims } from '../support/people.ts';
import { type Product, toOptions, toOverrides } from '../support/product.ts';
import { type RawAnswer, type RawRequest, sendRaw, toGraphQL } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { createForge, type Forge } from '../unit/identity/forge.ts';

const VIEWER = '{ viewer { sub groups } }';

let product: Product;
let globexId: string;
let miaSub: string;
/** What nobody gets for the same question. */
let unasked: RawAnswer;
/** What a word in place of a token gets: every refusal below must equal it to the byte. */
let refusal: RawAnswer;

beforeAll(async () => {
  product = await getSharedProduct();
  miaSub = (await idsOf(product, 'mia@acme.test', 'acme')).sub;
  globexId = (await idsOf(product, 'gina@globex.test', 'globex')).tenantId;
  unasked = await ask(toGraphQL(VIEWER));
  refusal = await askAs('garbage');
});

const ask = (request: RawRequest) => sendRaw(product.url, request);
const askAs = (token: string) => ask(toGraphQL(VIEWER, { authorization: `Bearer ${token}` }));

/** A second node of the product, with other ways to its user pool's keys. */
const startNode = (userPool: Partial<AppOptions['userPool']>, timings: AppTimings = {}) => {
  const options = toOptions(product.pool, product.database);
  return createApp({ ...options, userPool: { ...options.userPool, ...userPool } }, toOverrides({ timings }));
};

/** Publishes this key set as it stands. */
const publish = (keys: KeyServer, jwks: Forge['jwks']) => keys.answer((reply) => reply.end(JSON.stringify(jwks)));

describe('a good access token', () => {
  it('is let in', async () => {
    const answer = await askAs(await product.tokenOf('mia@acme.test'));
    expect(JSON.parse(answer.text)).toEqual({ data: { viewer: { sub: miaSub, groups: ['Users', 'TenantMembers'] } } });
  });

  it('is let in when the test signs it, so that each refusal below has one cause', async () => {
    expect((await askAs(await product.pool.signToken(toUserClaims(product, miaSub)))).status).toBe(200);
  });

  it.each(['bearer', 'BEARER'])('is let in under the scheme %s, which knows no case', async (scheme) => {
    const token = await product.tokenOf('mia@acme.test');
    expect((await ask(toGraphQL(VIEWER, { authorization: `${scheme} ${token}` }))).status).toBe(200);
  });
});

describe('without a credential', () => {
  it('a ruled field answers 401 and how to authenticate', () => {
    expect(unasked.status).toBe(401);
    expect(unasked.headers).toContain('www-authenticate: Bearer realm="tenantry"');
    expect(JSON.parse(unasked.text).errors).toEqual([
      { message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });
});

describe('a token that is no credential is answered like any other, to the byte', () => {
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

  it("a real one with another user's subject put in", async () => {
    const [header, , signature] = (await product.tokenOf('mia@acme.test')).split('.');
    const claims = { ...decodeJwt(await product.tokenOf('mia@acme.test')), sub: globexId };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(await askAs([header, payload, signature].join('.'))).toEqual(refusal);
  });

  it('one whose key the pool does not publish', async () => {
    const token = await product.pool.signToken(toUserClaims(product, miaSub), { kid: 'nobodysKey' });
    expect(await askAs(token)).toEqual(refusal);
  });

  it.each([
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
    expect(await ask({ ...toGraphQL(VIEWER), path })).toEqual(unasked);
  });

  it('a good one in the body', async () => {
    const body = JSON.stringify({ query: VIEWER, access_token: await product.tokenOf('mia@acme.test') });
    expect(await ask({ headers: { 'content-type': 'application/json' }, body })).toEqual(unasked);
  });

  it('a good one in a form', async () => {
    const body = new URLSearchParams({ query: VIEWER, access_token: await product.tokenOf('mia@acme.test') });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ask({ headers, body: body.toString() })).toEqual(unasked);
  });

  it('a good one in a cookie', async () => {
    const cookie = `access_token=${await product.tokenOf('mia@acme.test')}`;
    expect(await ask(toGraphQL(VIEWER, { cookie }))).toEqual(unasked);
  });

  it('a bad one is refused a public field too', async () => {
    expect(await ask(toGraphQL('{ health { status } }', { authorization: 'Bearer garbage' }))).toEqual(refusal);
  });
});

describe('behind a key set of its own', () => {
  let keys: KeyServer;
  let forge: Forge;
  let node: App;
  beforeAll(async () => {
    forge = createForge({ poolId: product.pool.poolId, clientId: product.pool.clientId, subject: miaSub });
    keys = await startKeyServer();
    publish(keys, forge.jwks);
    node = await startNode({ local: { endpoint: product.pool.endpoint, keySetUrl: keys.url } });
  });
  afterAll(async () => {
    await node.close();
    await keys[Symbol.asyncDispose]();
  });
  const askNode = (token: string) => sendRaw(node.url, toGraphQL(VIEWER, { authorization: `Bearer ${token}` }));

  it.each(['userClaims', 'machineClaims'] as const)('a token of good %s is let in', async (claims) => {
    expect((await askNode(forge.sign(forge[claims]()))).status).toBe(200);
  });

  // Node itself ends requests with longer headers.
  const anyForge = createForge();
  const sendable = HOSTILE_TOKENS.filter(([, make]) => make(anyForge).length < 15_000);
  it.each(sendable)('a token with %s is answered like any other, to the byte', async (_, make) => {
    expect(await askNode(make(forge))).toEqual(refusal);
  });

  it.each(['jku', 'x5u'])('a token with a %s makes no connection there', async (member) => {
    await using theirs = await startKeyServer();
    let requests = 0;
    theirs.answer((reply) => {
      requests += 1;
      reply.end();
    });
    await askNode(forge.sign(forge.userClaims(), { alg: 'RS256', kid: 'theirs', [member]: theirs.url }));
    expect(requests).toBe(0);
  });
});

describe('a node that starts with a key set file while the pool is away', () => {
  let folder: string;
  let keys: KeyServer;
  let node: App;
  const forge = createForge();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantry-key-set-'));
    keys = await startKeyServer();
    keys.answer((reply) => reply.writeHead(500).end());
    await writeFile(join(folder, 'jwks.json'), await (await fetch(product.pool.jwksUri)).text());
    node = await startWithFile('jwks.json');
  });
  afterAll(async () => {
    await node.close();
    await keys[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const startWithFile = (name: string) =>
    startNode(
      { keySetFile: join(folder, name), local: { endpoint: product.pool.endpoint, keySetUrl: keys.url } },
      { keySet: { retryMs: 100 } },
    );
  const statusOf = async (token: string) =>
    (await sendRaw(node.url, toGraphQL(VIEWER, { authorization: `Bearer ${token}` }))).status;

  it('is ready', async () => {
    expect((await fetch(`${node.url}/readyz`)).status).toBe(200);
  });

  it('lets in a token signed by a key of the file', async () => {
    expect(await statusOf(await product.tokenOf('mia@acme.test'))).toBe(200);
  });

  it('answers 503 to a key the file lacks, for the pool may have it', async () => {
    expect(await statusOf(await product.pool.signToken(toUserClaims(product, miaSub), { kid: 'newer' }))).toBe(503);
  });

  it('goes by the pool once that answers, and no longer by the file', async () => {
    publish(keys, forge.jwks);
    const token = await product.tokenOf('mia@acme.test');
    await vi.waitFor(async () => expect(await statusOf(token)).toBe(401), EVENTUALLY);
  });

  it('does not start with a file that holds no key set', async () => {
    await writeFile(join(folder, 'empty.json'), '{"keys":[]}');
    await expect(startWithFile('empty.json')).rejects.toThrow(StartupError);
  });
});
