import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Keys, toKeys } from '../../../src/identity/fetch-keys.ts';
import { createKeySet, type KeySet, type KeySetOptions } from '../../../src/identity/key-set.ts';

const SILENT = { warn: () => {} };
const toJwk = (kid: string, modulusLength = 2048) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
};
const FIRST = toJwk('first');
const SECOND = toJwk('second');
const documentOf = (...keys: object[]) => Buffer.from(JSON.stringify({ keys }));

function world(options: Partial<KeySetOptions> = {}) {
  const state = { now: 0, fetches: 0, answer: async (): Promise<Keys> => toKeys(documentOf(FIRST)) };
  const fetch = () => {
    state.fetches += 1;
    return state.answer();
  };
  const open = () => createKeySet({ url: 'http://unused.test', log: SILENT, fetch, now: () => state.now, ...options });
  return { state, open };
}

const fail = () => Promise.reject(new Error('down'));
const ask = (keySet: KeySet, kid: string) => keySet.get(kid);

describe('the key set', () => {
  it('finds a key, and fetches no more for the next token', async () => {
    const { state, open } = world();
    using keySet = open();
    expect((await ask(keySet, 'first')).n).toBe(FIRST.n);
    await ask(keySet, 'first');
    expect(state.fetches).toBe(1);
  });

  it('finds the new key of a rotation at once', async () => {
    const { state, open } = world();
    using keySet = open();
    await ask(keySet, 'first');
    state.answer = async () => toKeys(documentOf(FIRST, SECOND));
    expect((await ask(keySet, 'second')).n).toBe(SECOND.n);
  });

  it('drops a key the pool has withdrawn', async () => {
    const { state, open } = world();
    using keySet = open();
    await ask(keySet, 'first');
    state.answer = async () => toKeys(documentOf(SECOND));
    await ask(keySet, 'second');
    expect(keySet.find('first')).toBeUndefined();
  });

  it('is asked twice and then once in 5 s, whatever ids 100 000 tokens name', async () => {
    const { state, open } = world();
    using keySet = open();
    await keySet.assertReady();
    for (let second = 0; second < 100; second += 1) {
      state.now = second * 1000;
      const asked = Array.from({ length: 1000 }, (_, index) => ask(keySet, `random-${second}-${index}`));
      await Promise.allSettled(asked);
    }
    expect(state.fetches).toBeLessThanOrEqual(2 + 100 / 5);
  });

  it('refuses an unknown id for good while the set is fresh, and for now while it cannot be fetched', async () => {
    const { state, open } = world();
    using keySet = open();
    await ask(keySet, 'first');
    await expect(ask(keySet, 'other')).rejects.toMatchObject({ name: 'InvalidTokenError' });
    state.answer = fail;
    state.now = 60_000;
    await expect(ask(keySet, 'other')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('keeps its keys while the pool is away, and not for more than a day', async () => {
    const { state, open } = world();
    using keySet = open();
    await ask(keySet, 'first');
    state.answer = fail;
    state.now = 23 * 3_600_000;
    expect((await ask(keySet, 'first')).n).toBe(FIRST.n);
    state.now = 24 * 3_600_000;
    await expect(ask(keySet, 'first')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('lets 50 wait for a fetch, and answers the next at once', async () => {
    const { state, open } = world();
    using keySet = open();
    await ask(keySet, 'first');
    state.now = 60_000;
    const fetched = Promise.withResolvers<Keys>();
    state.answer = () => fetched.promise;
    const waiting = Array.from({ length: 50 }, () => ask(keySet, 'second'));
    await expect(ask(keySet, 'second')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    fetched.resolve(toKeys(documentOf(FIRST, SECOND)));
    expect((await Promise.all(waiting)).map(({ n }) => n)).toEqual(Array(50).fill(SECOND.n));
  });

  it('tells how each fetch ended', async () => {
    const outcomes: string[] = [];
    const { state, open } = world({ onFetch: (outcome) => outcomes.push(outcome) });
    using keySet = open();
    await ask(keySet, 'first');
    state.answer = fail;
    await ask(keySet, 'second').catch(() => undefined);
    expect(outcomes).toEqual(['ok', 'failed']);
  });

  it('has the age of its last good fetch', async () => {
    const { state, open } = world();
    using keySet = open();
    expect(keySet.ageSeconds()).toBeNull();
    await ask(keySet, 'first');
    state.answer = fail;
    state.now = 60_000;
    await ask(keySet, 'second').catch(() => undefined);
    expect(keySet.ageSeconds()).toBe(60);
  });
});

describe('a key set with a seed', () => {
  const openSeeded = (answer: () => Promise<Keys>) => {
    const { state, open } = world({ seed: toKeys(documentOf(FIRST)) });
    state.answer = answer;
    return { state, keySet: open() };
  };

  it('goes by the seed when the pool cannot be asked at the start', async () => {
    using keySet = openSeeded(fail).keySet;
    await keySet.assertReady();
    expect((await ask(keySet, 'first')).n).toBe(FIRST.n);
  });

  it('goes by what the pool says when it can, and not by the seed', async () => {
    using keySet = openSeeded(async () => toKeys(documentOf(SECOND))).keySet;
    await expect(ask(keySet, 'first')).rejects.toMatchObject({ name: 'InvalidTokenError' });
  });

  it('drops the whole seed at the first good fetch', async () => {
    const { state, keySet } = openSeeded(fail);
    using _ = keySet;
    await ask(keySet, 'first');
    state.answer = async () => toKeys(documentOf(SECOND));
    await ask(keySet, 'second');
    expect(keySet.find('first')).toBeUndefined();
  });

  it('refuses an unknown id for now alone, and has no age', async () => {
    using keySet = openSeeded(fail).keySet;
    await expect(ask(keySet, 'second')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(keySet.ageSeconds()).toBeNull();
  });

  it('trusts the seed for no more than a day', async () => {
    const { state, keySet } = openSeeded(fail);
    using _ = keySet;
    await ask(keySet, 'first');
    state.now = 24 * 3_600_000;
    await expect(ask(keySet, 'first')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('toKeys', () => {
  it.each([
    ['a short key', toJwk('short', 1024)],
    ['another kind of key', { kty: 'EC', crv: 'P-256', x: 'a', y: 'b', kid: 'ec' }],
    ['a key for encryption', { ...SECOND, use: 'enc' }],
    ['a key for another algorithm', { ...SECOND, alg: 'PS256' }],
    ['an unusual exponent', { ...SECOND, e: 'AQ' }],
    ['a private key', { ...SECOND, d: 'secret' }],
    ['a key without an id', { ...SECOND, kid: undefined }],
  ])('leaves out %s', (_, key) => {
    expect([...toKeys(documentOf(FIRST, key)).keys()]).toEqual(['first']);
  });

  it('refuses a set without a usable key', () => {
    expect(() => toKeys(documentOf({ kty: 'oct', k: 'a', kid: 'a' }))).toThrow();
  });

  it('refuses one id for two keys', () => {
    expect(() => toKeys(documentOf(FIRST, { ...SECOND, kid: 'first' }))).toThrow();
  });
});
