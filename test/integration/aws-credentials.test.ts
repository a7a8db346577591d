import { randomUUID } from 'node:crypto';
import type { GraphQLFormattedError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../local/seed/demo.ts';
import { type SessionTokens, startSession, switchTenant } from '../../local/seed/pool-users.ts';
import { type App, createApp } from '../../src/app.ts';
import { codesOf } from '../support/answers.ts';
import { idTokenOf, toIdClaims } from '../support/id-tokens.ts';
import { addMember, addTenant, addUser, idsOf, type Member, toMachineClaims, toUserClaims } from '../support/people.ts';
import { type Answer, type Product, startProduct, toOptions } from '../support/product.ts';
import { withoutWriting } from '../support/tables.ts';
import { captureLog } from '../support/transcript.ts';
import { changeUnheard } from '../support/unheard.ts';

const LEND = `mutation ($idToken: String) { awsCredentials(input: { idToken: $idToken }) {
  credentials { identityId accessKeyId secretAccessKey sessionToken expiresAt } } }`;
const REFUSED = 'This is no ID token of this sign-in. Send the one that came with the access token.';

const { log, lines } = captureLog();

let product: Product;
let tenantId: string;
let member: Member;
let other: Member;
beforeAll(async () => {
  product = await startProduct({ app: { log } });
  tenantId = await addTenant(product);
  member = await addMember(product, tenantId, 'MEMBER');
  other = await addMember(product, tenantId, 'MEMBER');
});
afterAll(() => product[Symbol.asyncDispose]());

const lend = (token: string | null, idToken?: string | null) => product.query(token, LEND, { idToken });
const ownIdToken = (changes?: object) => idTokenOf(product, member.token, changes);
const credentialsOf = ({ body }: Answer) => body.data.awsCredentials.credentials;
const tagsOf = (answer: Answer) => product.pool.identityPool.findTags(credentialsOf(answer).accessKeyId);
const eventsOf = (sub: string) =>
  product.sql<Record<string, unknown>>(
    `select * from audit_events where action = 'session.aws-credentials' and actor_id = $1`,
    [sub],
  );

describe('Mutation.awsCredentials', () => {
  it('lends credentials for an hour to whoever is signed in, by the tokens of his sign-in', async () => {
    const { accessToken, idToken } = await startSession(product.sdk, 'mia@acme.test', DEMO_PASSWORD);
    const credentials = credentialsOf(await lend(accessToken, idToken));
    expect(credentials).toEqual({
      identityId: expect.stringMatching(/^eu-central-1:[0-9a-f-]{36}$/),
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      secretAccessKey: expect.any(String),
      sessionToken: expect.any(String),
      expiresAt: expect.any(String),
    });
    const minutes = (new Date(credentials.expiresAt).getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(55);
    expect(minutes).toBeLessThanOrEqual(60);
  });

  it('has the tenant travel as a principal tag, another after a switch', async () => {
    const { accessToken, idToken, refreshToken } = await startSession(product.sdk, 'dora@both.test', DEMO_PASSWORD);
    const [acme, globex] = await Promise.all(['acme', 'globex'].map((slug) => idsOf(product, 'dora@both.test', slug)));
    const before = toIdClaims(accessToken)['tenant_id'] === acme?.tenantId ? acme : globex;
    const after = before === acme ? globex : acme;
    const { clientId } = product.pool;
    expect(tagsOf(await lend(accessToken, idToken))).toEqual({
      tenant_id: before?.tenantId,
      username: before?.sub,
      client: clientId,
    });
    const switched = await switchTenant(product.sdk, refreshToken, after?.tenantId ?? '');
    expect(tagsOf(await lend(switched, await idTokenOf(product, switched)))).toMatchObject({
      tenant_id: after?.tenantId,
    });
  });

  it('writes down who was lent which, and nothing that opens anything', async () => {
    const { sub, token } = await addMember(product, tenantId, 'MEMBER');
    const idToken = await idTokenOf(product, token);
    const answer = await product.query(token, LEND, { idToken }, { 'x-request-id': 'lent' });
    const { identityId, accessKeyId, secretAccessKey, sessionToken, expiresAt } = credentialsOf(answer);
    const [event, ...more] = await eventsOf(sub);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      tenant_id: tenantId,
      target_type: 'AwsCredentials',
      target_id: identityId,
      request_id: 'lent',
      changes: { accessKeyId, expiresAt: new Date(expiresAt).toISOString() },
    });
    const kept = JSON.stringify(event) + lines.join('');
    for (const secret of [secretAccessKey, sessionToken]) expect(kept).not.toContain(secret);
  });

  it('answers 401 without a token', async () => {
    expect((await lend(null, await ownIdToken())).status).toBe(401);
  });

  it('answers 401 once the session has ended, though its ID token has not', async () => {
    const leaver = await addMember(product, tenantId, 'MEMBER');
    const idToken = await idTokenOf(product, leaver.token);
    await product.query(leaver.token, 'mutation { signOut { session { id } } }');
    expect((await lend(leaver.token, idToken)).status).toBe(401);
  });

  it('answers FORBIDDEN to a machine', async () => {
    const machine = await product.pool.signToken(toMachineClaims(product, { tenant_id: tenantId }));
    expect(codesOf(await lend(machine, await ownIdToken()))).toEqual(['FORBIDDEN']);
  });

  it('answers TENANT_REQUIRED to a sign-in without a tenant', async () => {
    const { token } = await addUser(product);
    expect(codesOf(await lend(token, await idTokenOf(product, token)))).toEqual(['TENANT_REQUIRED']);
  });

  it.each([
    ['SUSPENDED', 'TENANT_SUSPENDED'],
    ['DELETING', 'TENANT_SUSPENDED'],
  ])('answers a tenant that is %s by %s', async (status, code) => {
    const { token } = await addMember(product, await addTenant(product), 'OWNER');
    await product.sql(`update tenants set status = $1::"TenantStatus" where id = $2`, [
      status,
      toIdClaims(token)['tenant_id'],
    ]);
    expect(codesOf(await lend(token, await idTokenOf(product, token)))).toEqual([code]);
  });

  it('keeps what was lent from a member who was removed, where that was not heard yet', async () => {
    const leaver = await addMember(product, tenantId, 'MEMBER');
    await changeUnheard(product, 'delete from memberships where id = $1', [leaver.membershipId]);
    const answer = await lend(leaver.token, await idTokenOf(product, leaver.token));
    expect(codesOf(answer)).toEqual(['FORBIDDEN']);
    expect(answer.text).not.toContain('ASIA');
    expect(await eventsOf(leaver.sub)).toEqual([]);
  });

  it('answers RATE_LIMITED, with when to come back, to whoever asks more than twenty times a minute', async () => {
    const { token } = await addMember(product, tenantId, 'MEMBER');
    const idToken = await idTokenOf(product, token);
    for (let count = 0; count < 20; count += 1) expect(codesOf(await lend(token, idToken))).toEqual([]);
    const answer = await lend(token, idToken);
    expect([answer.status, codesOf(answer)]).toEqual([429, ['RATE_LIMITED']]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it.each([
    ['none at all', undefined],
    ['null', null],
  ])('answers BAD_USER_INPUT to %s, from whoever came by no session of a browser', async (_, idToken) => {
    const answer = await lend(member.token, idToken);
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.body.errors[0].message).toContain('no ID token');
  });
});

const signed = (changes: object) => () => ownIdToken(changes);
const flipped = (at: number) => async () => {
  const token = await ownIdToken();
  const place = (at + token.length) % token.length;
  return token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
};

describe('an ID token', () => {
  it.each<readonly [what: string, make: () => Promise<string>]>([
    ["the caller's access token", async () => member.token],
    ["another user's, of the same tenant", () => idTokenOf(product, other.token)],
    ['of another session', signed({ origin_jti: randomUUID() })],
    ['of no session', signed({ origin_jti: undefined })],
    ["another client's", signed({ aud: 'anotherclient' })],
    ['for many clients', () => ownIdToken({ aud: [product.pool.clientId] })],
    ["another tenant's", signed({ tenant_id: randomUUID() })],
    ['without a tenant', signed({ tenant_id: undefined })],
    ['with a list of tenants', () => ownIdToken({ tenant_id: [tenantId] })],
    [
      'with the tenant in custom:tenant_id alone',
      () => ownIdToken({ tenant_id: undefined, 'custom:tenant_id': tenantId }),
    ],
    ['of a higher role', signed({ tenant_role: 'OWNER' })],
    ['of another version of the membership', signed({ membership_version: 7 })],
    ['of platform staff', signed({ 'cognito:groups': ['Users', 'Admins'] })],
    ['that has expired', () => ownIdToken({ iat: 1_700_000_000, auth_time: 1_700_000_000, exp: 1_700_003_600 })],
    ['without an end', signed({ exp: undefined })],
    ['of the future', () => ownIdToken({ iat: Math.floor(Date.now() / 1000) + 600 })],
    [
      "of another pool's issuer",
      signed({ iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Another00' }),
    ],
    ['alg none', () => product.pool.signToken(toIdClaims(member.token), { alg: 'none' })],
    ['with a key brought along', () => product.pool.signToken(toIdClaims(member.token), { jwk: {} })],
    ['by a key nobody publishes', () => product.pool.signToken(toIdClaims(member.token), { kid: 'nobodys' })],
    ['without a signature', async () => `${(await ownIdToken()).split('.').slice(0, 2).join('.')}.`],
    ['with a byte of its header changed', flipped(8)],
    ['with a byte of its claims changed', flipped(200)],
    ['with a byte of its signature changed', flipped(-40)],
    ['beyond every length', signed({ pad: 'x'.repeat(10_000) })],
    ['empty', async () => ''],
    ['no token at all', async () => "' or true --"],
  ])('%s is refused in one sentence, and nothing is written', async (_, make) => {
    const idToken = await make();
    const answer = await withoutWriting(product, () => lend(member.token, idToken));
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.body.errors[0].message).toBe(REFUSED);
    expect(answer.body.data).toEqual({ awsCredentials: null });
  });

  it('of before a switch of tenants is refused after it', async () => {
    const session: SessionTokens = await startSession(product.sdk, 'dora@both.test', DEMO_PASSWORD);
    const now = toIdClaims(session.accessToken)['tenant_id'];
    const places = await Promise.all(['acme', 'globex'].map((slug) => idsOf(product, 'dora@both.test', slug)));
    const elsewhere = places.find((place) => place.tenantId !== now);
    const switched = await switchTenant(product.sdk, session.refreshToken, elsewhere?.tenantId ?? '');
    expect(codesOf(await lend(switched, session.idToken))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await lend(session.accessToken, session.idToken))).toEqual([]);
  });

  it('leaves to the log which rule it failed', async () => {
    const before = lines.length;
    await lend(member.token, await ownIdToken({ aud: 'anotherclient' }));
    await expect.poll(() => lines.slice(before).join('')).toContain("ID token: aud: not the caller's client");
  });
});

describe('a server', () => {
  const askNode = async (identityPool: { readonly id: string; readonly endpoint: string } | null) => {
    const { sub, token } = await addMember(product, tenantId, 'MEMBER');
    const idToken = await idTokenOf(product, token);
    await using node: App = await createApp({ ...toOptions(product.pool, product.database), identityPool, log });
    const response = await fetch(`${node.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: LEND, variables: { idToken } }),
    });
    expect(await eventsOf(sub)).toEqual([]);
    const text = await response.text();
    const body: { readonly errors: readonly GraphQLFormattedError[] } = JSON.parse(text);
    return { status: response.status, headers: response.headers, text, error: body.errors[0] };
  };

  it('without an identity pool says so', async () => {
    expect(await askNode(null)).toMatchObject({
      status: 200,
      error: { message: expect.stringContaining('no identity pool'), extensions: { code: 'CONFLICT' } },
    });
  });

  it('that cannot reach its identity pool answers 503, with when to come back and nothing of the cause', async () => {
    const { id } = product.pool.identityPool;
    const { status, headers, text, error } = await askNode({ id, endpoint: 'http://127.0.0.1:1' });
    expect([status, error?.extensions?.['code']]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN|cognito/i);
  });

  it('whose identity pool is not there answers 503, and leaves to the log what has to be mended', async () => {
    const { endpoint } = product.pool;
    const before = lines.length;
    expect(await askNode({ id: `eu-central-1:${randomUUID()}`, endpoint })).toMatchObject({ status: 503 });
    const told = () => lines.slice(before).find((line) => line.includes('is not set up as it must be'));
    await expect.poll(told).toContain('ResourceNotFoundException');
  });
});

describe('a second sign-in', () => {
  it('goes with its own ID token alone', async () => {
    const token = await product.pool.signToken(
      toUserClaims(product, member.sub, { tenant_id: tenantId, tenant_role: 'MEMBER' }),
    );
    expect(codesOf(await lend(token, await ownIdToken()))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await lend(token, await idTokenOf(product, token)))).toEqual([]);
  });
});
