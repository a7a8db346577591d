import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Product, startProduct, TRIGGER_SECRET } from '../support/product.ts';
import { type RawRequest, sendRaw } from '../support/raw-request.ts';
import { sendEvent, sendSigned, signBody, toEvent } from '../support/webhooks.ts';

const OTHER_SECRET = 'whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlcg==';
const MINUTE_MS = 60_000;

type Headers = NonNullable<RawRequest['headers']>;

let product: Product;
let sub: string;
/** A call that would make a profile. */
let body: string;

beforeAll(async () => {
  product = await startProduct({ app: { triggerSecrets: [TRIGGER_SECRET, OTHER_SECRET] } });
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
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text).code).toBe('UNAUTHENTICATED');
    expect(await rowsOf()).toEqual([]);
  });

  it('answers 413 to an event beyond its limit', async () => {
    const huge = 'x'.repeat(200_000);
    expect((await send(signBody(huge), huge)).status).toBe(413);
  });

  it('answers 415 to anything but JSON', async () => {
    expect((await send({ ...signed(), 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('takes no access token for a signature', async () => {
    const authorization = `Bearer ${await product.tokenOf('root@tenantry.test')}`;
    expect((await send({ authorization, 'content-type': 'application/json' })).status).toBe(401);
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

  it.each(['[]', '7', '"x"', '{}'])('that is %s is refused', async (sent) => {
    expect((await sendSigned(product, sent, signBody(sent))).status).toBe(422);
  });

  it.each(['null', '{'])('that is %s and so no event at all is answered like an unsigned one', async (sent) => {
    expect((await sendSigned(product, sent, signBody(sent))).status).toBe(401);
  });
});
