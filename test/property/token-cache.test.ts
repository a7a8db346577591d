import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenVerifier } from '../../src/identity/verify-token.ts';
import { createForge } from '../unit/identity/forge.ts';
import { openVerifier, refetch } from '../unit/identity/verifier.ts';

const forge = createForge();
const next = createForge({ poolId: forge.poolId, clientId: forge.clientId, kid: 'next' });
const usurper = createForge({ poolId: forge.poolId, clientId: forge.clientId });
const soon = Math.floor(Date.now() / 1000) + 900;

const TOKENS = [
  forge.sign(forge.userClaims()),
  forge.sign(forge.userClaims({ exp: soon })),
  forge.sign(forge.machineClaims()),
  next.sign(next.userClaims()),
  usurper.sign(usurper.userClaims()),
  forge.sign(forge.userClaims({ scope: 'a  b' })),
];
const KEY_SETS = [
  forge.jwks,
  next.jwks,
  usurper.jwks,
  { keys: [...forge.jwks.keys, ...next.jwks.keys] },
  { keys: [...usurper.jwks.keys, ...next.jwks.keys] },
  null,
];
const CLIENTS = [
  [],
  [{ clientId: forge.clientId, tenantId: null }],
  [{ clientId: forge.clientId, tenantId: String(forge.userClaims()['tenant_id']) }],
  [{ clientId: forge.clientId, tenantId: forge.subject }],
];

/** What happens between two questions, and the questions. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ask: fc.nat(TOKENS.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ passSeconds: fc.constantFrom(1, 600, 7_200) }) },
  { weight: 1, arbitrary: fc.record({ publish: fc.constantFrom(...KEY_SETS) }) },
  { weight: 1, arbitrary: fc.record({ register: fc.constantFrom(...CLIENTS) }) },
);

/** The principal, or the refusal as its kind and text. */
const answerOf = (verifier: TokenVerifier, token: string) =>
  verifier.verify(token).catch((error: Error) => `${error.name}: ${error.message}`);

describe('the token cache', () => {
  it('changes no answer, whatever happens to tokens, keys and clients meanwhile', async () => {
    let cached = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { state, outcomes, keySet, register, open, verifier } = await openVerifier(forge);
        using _ = keySet;
        for (const event of steps) {
          if ('passSeconds' in event) state.now += event.passSeconds * 1000;
          if ('register' in event) register(...event.register);
          if ('publish' in event) {
            state.published = event.publish;
            await refetch(keySet, state);
          }
          if (!('ask' in event)) continue;
          const token = TOKENS[event.ask] ?? '';
          expect(await answerOf(verifier, token)).toEqual(await answerOf(open(), token));
        }
        cached += outcomes.filter((outcome) => outcome === 'cached').length;
      }),
    );
    expect(cached).toBeGreaterThan(20);
  });

  it('verifies the signature of a token once, however often the token is repeated', async () => {
    const { open, keySet } = await openVerifier(forge);
    let verifications = 0;
    // aws-jwt-verify takes the key from here each time it verifies a signature.
    const getJwk: typeof keySet.cache.getJwk = (...args) => {
      verifications += 1;
      return keySet.cache.getJwk(...args);
    };
    const verifier = open({ ...keySet, cache: { ...keySet.cache, getJwk } });
    const tokens = Array.from({ length: 100 }, () => forge.sign(forge.userClaims()));
    for (const token of [...tokens, ...tokens, ...tokens.toReversed()]) await verifier.verify(token);
    expect(verifications).toBe(tokens.length);
  });
});
