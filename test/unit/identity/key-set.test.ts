import { describe, expect, it } from 'vitest';
import { type Keys, toKeys } from '../../../src/identity/fetch-keys.ts';
import type { KeySet } from '../../../src/identity/key-set.ts';
import { createMemoryLog } from '../memory-log.ts';
import { aPool, documentOf, FIRST, fail, SECOND } from './key-set-world.ts';

const DAY_MS = 24 * 3_600_000;
const UNAVAILABLE = { code: 'SERVICE_UNAVAILABLE', reason: 'key set: cannot be fetched' };

const ask = (keySet: KeySet, kid: string) => keySet.get(kid);

describe('the key set', () => {
  it('finds a key, and fetches no more for the next token', async () => {
    const { state, open } = aPool();
    using keySet = open();
    expect((await ask(keySet, 'first')).n).toBe(FIRST.n);
    await ask(keySet, 'first');
    expect(state.fetches).toBe(1);
  });

  it('finds the new key of a rotation at once', async () => {
    const { state, open } = aPool();
    using keySet = open();
    await ask(keySet, 'first');
    state.answer = async () => toKeys(documentOf(FIRST, SECOND));
    expect((await ask(keySet, 'second')).n).toBe(SECOND.n);
  });

  it('drops a key the pool has withdrawn', async () => {
    const { state, open } = aPool();
    using keySet = open();
    await ask(keySet, 'first');
    state.answer = async () => toKeys(documentOf(SECOND));
    await ask(keySet, 'second');
    expect(keySet.find('first')).toBeUndefined();
  });

  it('is asked twice and then once in 5 s, whatever ids 100 000 tokens name', async () => {
    const { state, open } = aPool();
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
    const { state, open } = aPool();
    using keySet = open();
    await ask(keySet, 'first');
    await expect(ask(keySet, 'other')).rejects.toMatchObject({ name: 'InvalidTokenError' });
    state.answer = fail;
    state.now = 9_999;
    await expect(ask(keySet, 'other')).rejects.toMatchObject({ message: 'kid: not in the key set' });
    state.now = 10_000;
    await expect(ask(keySet, 'other')).rejects.toMatchObject(UNAVAILABLE);
  });

  it('keeps its keys while the pool is away, and not for more than a day', async () => {
    const { state, open } = aPool();
    using keySet = open();
    await ask(keySet, 'first');
    state.answer = fail;
    state.now = DAY_MS - 1;
    await keySet.assertReady();
    expect((await ask(keySet, 'first')).n).toBe(FIRST.n);
    state.now = DAY_MS;
    await expect(ask(keySet, 'first')).rejects.toMatchObject(UNAVAILABLE);
    await expect(keySet.assertReady()).rejects.toMatchObject(UNAVAILABLE);
  });

  it('counts its age from the fetch, not from when its clock began', async () => {
    const { state, open } = aPool();
    state.now = DAY_MS;
    using keySet = open();
    await ask(keySet, 'first');
    state.now = DAY_MS + 60_000;
    expect([keySet.find('first')?.n, keySet.ageSeconds()]).toEqual([FIRST.n, 60]);
  });

  it('refuses every id for now alone while it was never fetched', async () => {
    const { state, open } = aPool();
    state.answer = fail;
    using keySet = open();
    await expect(ask(keySet, 'first')).rejects.toMatchObject(UNAVAILABLE);
    await expect(keySet.assertReady()).rejects.toMatchObject(UNAVAILABLE);
    expect(keySet.ageSeconds()).toBeNull();
  });

  it('lets 50 wait for a fetch, and answers the next at once', async () => {
    const { state, open } = aPool();
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

  it('is ready without another fetch while it has keys', async () => {
    const { state, open } = aPool();
    using keySet = open();
    await keySet.assertReady();
    state.now = DAY_MS - 1;
    await keySet.assertReady();
    expect(state.fetches).toBe(1);
  });

  it('says in the log why a fetch failed', async () => {
    const { log, lines } = createMemoryLog();
    const { state, open } = aPool({ log });
    state.answer = fail;
    using keySet = open();
    await ask(keySet, 'first').catch(() => undefined);
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'the key set could not be fetched', err: { type: 'Error', message: 'down' } },
    ]);
  });

  it('gives aws-jwt-verify single keys, and nothing else it might ask for', async () => {
    const { open } = aPool();
    using keySet = open();
    const { cache } = keySet;
    const refusal = 'the key set is asked for single keys only';
    const toHeader = (kid?: string) => ({ header: { alg: 'RS256', ...(kid && { kid }) }, payload: {} });
    expect(await cache.getJwk('', toHeader('first'))).toMatchObject({ n: FIRST.n });
    await expect(cache.getJwk('', toHeader())).rejects.toThrow('kid: not in the key set');
    await expect(cache.getJwks('')).rejects.toThrow(refusal);
    expect(() => cache.getCachedJwk('', toHeader('first'))).toThrow(refusal);
    expect(() => cache.addJwks('', { keys: [] })).toThrow(refusal);
  });

  it('tells how each fetch ended', async () => {
    const outcomes: string[] = [];
    const { state, open } = aPool({ onFetch: (outcome) => outcomes.push(outcome) });
    using keySet = open();
    await ask(keySet, 'first');
    state.answer = fail;
    await ask(keySet, 'second').catch(() => undefined);
    expect(outcomes).toEqual(['ok', 'failed']);
  });

  it('has the age of its last good fetch', async () => {
    const { state, open } = aPool();
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
    const { state, open } = aPool({ seed: toKeys(documentOf(FIRST)) });
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

  it('does not go back to the seed when a later fetch fails', async () => {
    const { state, keySet } = openSeeded(async () => toKeys(documentOf(SECOND)));
    using _ = keySet;
    await keySet.assertReady();
    state.answer = fail;
    state.now = 60_000;
    await ask(keySet, 'first').catch(() => undefined);
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
    state.now = DAY_MS;
    await expect(ask(keySet, 'first')).rejects.toMatchObject(UNAVAILABLE);
  });
});
