import { type AppClient, createClientRegistry } from '../../../src/identity/client-registry.ts';
import { createCutoffs } from '../../../src/identity/cutoffs.ts';
import { toKeys } from '../../../src/identity/fetch-keys.ts';
import { createKeySet, type KeySet } from '../../../src/identity/key-set.ts';
import { createTokenVerifier, type TokenVerifierOptions } from '../../../src/identity/verify-token.ts';
import type { TokenOutcome } from '../../../src/observability/metrics.ts';
import type { Forge } from './forge.ts';

/** What the verifier's answer depends on beside the token; a test changes it. */
export type Surroundings = {
  /** Milliseconds since 1970. */
  now: number;
  /** Milliseconds on the key set's clock. */
  monotonic: number;
  /** What the pool publishes; null while it cannot be asked. */
  published: Forge['jwks'] | null;
};

/** A verifier of this forge's pool in surroundings of its own; `open` makes others there, with a key set of their own too. */
export async function openVerifier(forge: Forge, maxTokenLength = 8192) {
  const state: Surroundings = { now: Date.now(), monotonic: 0, published: forge.jwks };
  const outcomes: TokenOutcome[] = [];
  const keySet = createKeySet({
    url: 'http://unused.test',
    log: { warn: () => {} },
    fetch: async () => toKeys(Buffer.from(JSON.stringify(state.published))),
    now: () => state.monotonic,
  });
  await keySet.assertReady();
  const cutoffs = createCutoffs();
  const clients = createClientRegistry([], cutoffs);
  const register = (...registered: AppClient[]) =>
    cutoffs.refill(
      registered.map(({ clientId, tenantId }, id) => {
        return { id, kind: 'CLIENT', tenant: tenantId, user: null, name: clientId, value: { isEnded: false } } as const;
      }),
    );
  register({ clientId: forge.clientId, tenantId: null });
  const open = (keys: TokenVerifierOptions['keySet'] = keySet) =>
    createTokenVerifier({
      userPoolId: forge.poolId,
      keySet: keys,
      clients,
      cutoffs,
      sessionMaxMs: 30 * 86_400_000,
      tenantClaim: 'tenant_id',
      maxTokenLength,
      clock: () => state.now,
      onOutcome: (outcome) => outcomes.push(outcome),
    });
  return { state, outcomes, keySet, cutoffs, register, open, verifier: open() };
}

/** Has the key set fetched again: an unknown key id asks for it as soon as the budget allows. */
export async function refetch(keySet: KeySet, state: Surroundings): Promise<void> {
  state.monotonic += 5_000;
  await keySet.get('nobodys').catch(() => undefined);
}
