import { describe, expect, it, vi } from 'vitest';
import { createKeySet } from '../../../src/identity/key-set.ts';
import { EVENTUALLY } from '../../support/eventually.ts';
import { createSigningKey, startKeyServer } from '../../support/key-server.ts';
import { aPool, fail } from './key-set-world.ts';

describe('the key set by itself', () => {
  /** A clock by which each look at it allows one more fetch. */
  const generous = () => {
    let now = 0;
    return () => {
      now += 5_000;
      return now;
    };
  };

  /** A while in which a key set that refreshes does so as often. */
  const untilAnotherFetches = async (times: number) => {
    const { state, open } = aPool({ timings: { refreshMs: 2 }, now: generous() });
    using _ = open();
    await vi.waitFor(() => expect(state.fetches).toBeGreaterThan(times), EVENTUALLY);
  };

  it('fetches again and again while all is well, and no more once it is closed', async () => {
    const { state, open } = aPool({ timings: { refreshMs: 2 }, now: generous() });
    const keySet = open();
    await vi.waitFor(() => expect(state.fetches).toBeGreaterThan(3), EVENTUALLY);
    keySet[Symbol.dispose]();
    const { fetches } = state;
    await untilAnotherFetches(10);
    expect(state.fetches).toBe(fetches);
  });

  it('waits longer after a fetch that failed', async () => {
    const { state, open } = aPool({ timings: { refreshMs: 1 }, now: generous() });
    state.answer = fail;
    using _ = open();
    await untilAnotherFetches(10);
    expect(state.fetches).toBe(1);
  });

  it('fetches over HTTP, from the address it is given', async () => {
    await using server = await startKeyServer();
    const published = await createSigningKey('published');
    server.publish(published);
    using keySet = createKeySet({ url: server.url, log: { warn: () => {} } });
    await keySet.assertReady();
    expect(keySet.find('published')?.n).toBe(published.jwk.n);
    expect(keySet.ageSeconds()).toBeLessThan(60);
  });
});
