import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Product, startBeside, TRIGGER_SECRET } from '../support/product.ts';
import { type RawRequest, sendRaw } from '../support/raw-request.ts';
import { getSharedProduct } from '../support/shared-product.ts';
import { sendEvent, sendSigned, signBody, toEvent } from '../support/webhooks.ts';

const OTHER_SECRET = 'whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlcg==';
const MINUTE_MS = 60_000;
const UNSIGNED = '{"code":"UNAUTHENTICATED","message":"This call is not signed by a known secret."}';

type Headers = NonNullable<RawRequest['headers']>;

let product: Product;
let sub: string;
/** A call that would make a profile. */
let body: string;

beforeAll(async () => {
  product = await startBeside(await getSharedProduct(), { app: { triggerSecrets: [TRIGGER_SECRET, OTHER_SECRET] } });
});
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(() => {
  sub = randomUUID();
  const attributes = { sub, email: `${sub}@acme.test`, email_verified: 'true' };
  body = JSON.stringify(toEvent(product, 'PostConfirmation_ConfirmSignUp', attributes));
});

const rowsOf = () => product.sql('select * from users where id = $1', [sub]);
const send = (headers: Headers, sent = body) =>
  sendRaw(product.url, { path: '/triggers/cognito', headers, body: sent });
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS);

describe('POST /triggers/cognito', () => {
  // The pool of the test knows no such user, so the call gets past the signature and the profile, and no further.
  it.each([
    ['the first secret', TRIGGER_SECRET],
    ['the second, so that secrets can be rotated', OTHER_SECRET],
  ])('reads a call signed with %s', async (_, secret) => {
    await send(signBody(body, { secret }));
    expect(await rowsOf()).toHaveLength(1);
  });

  it('reads a call signed four minutes ago', async () => {
    await send(signBody(body, { at: minutesAgo(4) }));
    expect(await rowsOf()).toHaveLength(1);
  });

  const signed = () => signBody(body, { id: 'msg_one' });
  const badCalls: [string, () => Headers][] = [
    ['unsigned', () => ({ 'content-type': 'application/json' })],
    [
      'signed with a secret nobody knows',
      () => signBody(body, { secret: 'whsec_bm9ib2R5IGtub3dzIHRoaXMgb25lIGhlcmU=' }),
    ],
    ['signed over another body', () => signBody(body.replace(sub, randomUUID()))],
    ['signed over the same JSON written otherwise', () => signBody(JSON.stringify(JSON.parse(body), null, 1))],
    ['signed under another id', () => ({ ...signed(), 'webhook-id': 'msg_other' })],
    [
      'signed at another time',
      () => ({ ...signed(), 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 60) }),
    ],
    ['signed more than five minutes ago', () => signBody(body, { at: minutesAgo(5.2) })],
    ['signed more than five minutes ahead', () => signBody(body, { at: minutesAgo(-5.2) })],
    ['with a cut signature', () => ({ ...signed(), 'webhook-signature': signed()['webhook-signature'].slice(0, -4) })],
    ['with an empty signature', () => ({ ...signed(), 'webhook-signature': '' })],
    [
      'with the signature of another scheme',
      () => ({ ...signed(), 'webhook-signature': signed()['webhook-signature'].replace('v1,', 'v0,') }),
    ],
    [
      'with two signature headers',
      () => ({ ...signed(), 'webhook-signature': [signed()['webhook-signature'], 'v1,AAAA'] }),
    ],
    ['with two ids', () => ({ ...signed(), 'webhook-id': ['msg_one', 'msg_other'] })],
  ];
  it.each(badCalls)('answers 401 to a call %s, and does nothing', async (_, headers) => {
    const answer = await send(headers());
    expect([answer.status, answer.text]).toEqual([401, UNSIGNED]);
    expect(await rowsOf()).toEqual([]);
  });

  const unreadable: [string, () => Headers, string?][] = [
    ['of another type', () => ({ 'content-type': 'text/plain' })],
    ['of a type that is none', () => ({ 'content-type': ';;' })],
    ['without a type', () => ({})],
    ['that is no JSON', () => ({ 'content-type': 'application/json' }), '{'],
    ['that is empty', () => ({ 'content-type': 'application/json' }), ''],
    ['of an event nobody knows', () => ({ 'content-type': 'application/json' }), '{"triggerSource":"Nonsense"}'],
    ['with a length that is none', () => ({ 'content-length': '0' }), ''],
    ['with an access token', () => ({ authorization: 'Bearer x.y.z', 'content-type': 'application/json' })],
  ];
  it.each(unreadable)('answers the same 401 to an unsigned call %s', async (_, headers, sent = body) => {
    const answer = await send(headers(), sent);
    expect([answer.status, answer.text]).toEqual([401, UNSIGNED]);
  });

  it('takes no access token for a signature', async () => {
    const authorization = `Bearer ${await product.tokenOf('root@tenantry.test')}`;
    expect((await send({ authorization, 'content-type': 'application/json' })).status).toBe(401);
  });

  it('reads a signed call whatever type its body is said to be of', async () => {
    await send({ ...signBody(body), 'content-type': 'text/plain' });
    expect(await rowsOf()).toHaveLength(1);
  });

  it('reads an event of 64 KB', async () => {
    const event = toEvent(product, 'PreSignUp_SignUp', { email: 'big@acme.test', filler: 'x'.repeat(64 * 1024) });
    expect((await sendEvent(product, event)).status).toBe(200);
  });

  it.each([
    ['signed', (huge: string) => signBody(huge)],
    ['unsigned', () => ({ 'content-type': 'application/json' })],
  ])('answers 413 to an event beyond its limit, %s', async (_, headers) => {
    const huge = 'x'.repeat(128 * 1024 + 1);
    const { status, text } = await send(headers(huge), huge);
    expect([status, JSON.parse(text).code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });
});

describe('a signed event', () => {
  const attributes = { sub: randomUUID(), email: 'somebody@acme.test' };
  it.each([
    ['of another pool', { userPoolId: 'eu-central-1_Elsewhere1' }],
    ['nobody keeps a trigger for', { triggerSource: 'CustomMessage_SignUp' }],
    ['of a source named like a property of every object', { triggerSource: 'constructor_X' }],
    ['without a source', { triggerSource: undefined }],
    ['without attributes', { request: {} }],
    ['with attributes that are no text', { request: { userAttributes: { email: { a: 1 } } } }],
    ['with client metadata that is no text', { request: { userAttributes: attributes, clientMetadata: { a: [] } } }],
  ])('%s is refused, in a sentence', async (_, change) => {
    const answer = await sendEvent(product, toEvent(product, 'PreSignUp_SignUp', attributes, change));
    expect([answer.status, answer.body]).toEqual([
      422,
      { code: 'BAD_USER_INPUT', message: expect.stringMatching(/\.$/) },
    ]);
  });

  it.each(['[]', '7', '"x"', '{}', 'null', '{', ''])('that is %s is refused', async (sent) => {
    expect((await sendSigned(product, sent, signBody(sent))).status).toBe(422);
  });
});
