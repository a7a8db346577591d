import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSignatureCheck } from '../../src/http/trigger-signature.ts';

// The test vector that Standard Webhooks publishes with its libraries.
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  seconds: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const OTHER_SECRET = 'whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlcg==';
const OTHER_SIGNATURE = 'v1,Z0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: VECTOR.seconds * 1000 });
});
afterEach(() => vi.useRealTimers());

type Call = { readonly id?: string; readonly time?: string; readonly signature?: string; readonly body?: string };

function check({ id = VECTOR.id, time = String(VECTOR.seconds), signature, body }: Call, secrets = [VECTOR.secret]) {
  const headers = {
    'webhook-id': [id],
    'webhook-timestamp': [time],
    'webhook-signature': [signature ?? VECTOR.signature],
  };
  return createSignatureCheck(secrets)(Buffer.from(body ?? VECTOR.body), headers);
}

describe('the signature of a trigger call', () => {
  it('holds for the published vector, and says when it was made', () => {
    expect(check({})).toEqual(new Date(VECTOR.seconds * 1000));
  });

  it.each([
    ['after one that does not hold', `${OTHER_SIGNATURE} ${VECTOR.signature}`],
    ['before one that does not hold', `${VECTOR.signature} ${OTHER_SIGNATURE}`],
    ['beside one of a version nobody knows', `v1a,AAAA ${VECTOR.signature} v9,AAAA`],
    ['after something that is none', `v1 , v1, ${VECTOR.signature}`],
  ])('holds %s', (_, signature) => {
    expect(check({ signature })).not.toBeNull();
  });

  it.each([
    ['first', [VECTOR.secret, OTHER_SECRET]],
    ['last', [OTHER_SECRET, VECTOR.secret]],
  ])('holds with its secret %s of two, while they are rotated', (_, secrets) => {
    expect(check({}, secrets)).not.toBeNull();
  });

  it('does not hold once its secret is gone', () => {
    expect(check({}, [OTHER_SECRET])).toBeNull();
  });

  it.each([
    ['of another version', { signature: VECTOR.signature.replace('v1', 'v2') }],
    ['without a version', { signature: VECTOR.signature.slice(3) }],
    ['separated by a comma', { signature: `${OTHER_SIGNATURE},${VECTOR.signature}` }],
    ['cut short', { signature: VECTOR.signature.slice(0, -1) }],
    ['with something after it', { signature: `${VECTOR.signature}A` }],
    ['empty', { signature: '' }],
    ['over another body', { body: '{"test": 2432232315}' }],
    ['over the same JSON written otherwise', { body: '{"test":2432232314}' }],
    ['under another id', { id: 'msg_other' }],
    ['without an id', { id: '' }],
    ['at another second', { time: String(VECTOR.seconds + 1) }],
    ['at a time with something after it', { time: `${VECTOR.seconds}x` }],
    ['at a time with a fraction', { time: `${VECTOR.seconds}.0` }],
    ['at no time', { time: '' }],
  ])('does not hold %s', (_, call) => {
    expect(check(call)).toBeNull();
  });

  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])('of %i seconds ago: %s', (seconds, holds) => {
    vi.setSystemTime((VECTOR.seconds + seconds) * 1000);
    expect(check({}) !== null).toBe(holds);
  });

  it('does not hold where a header comes twice', () => {
    const headers = {
      'webhook-id': [VECTOR.id],
      'webhook-timestamp': [String(VECTOR.seconds)],
      'webhook-signature': [VECTOR.signature, VECTOR.signature],
    };
    expect(createSignatureCheck([VECTOR.secret])(Buffer.from(VECTOR.body), headers)).toBeNull();
  });
});
