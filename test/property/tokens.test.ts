import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvalidTokenError } from '../../src/identity/invalid-token.ts';
import { createForge, encode } from '../unit/identity/forge.ts';
import { openVerifier } from '../unit/identity/verifier.ts';
import { insertion, toSaid } from './arbitraries.ts';
import { HOSTILE_TOKENS } from './hostile-tokens.ts';
import { isGood, readOnce } from './oracle.ts';
import { createPeers } from './peers.ts';

const GENERATED = 2_000;

const forge = createForge();
const peers = createPeers(forge);
const header = { alg: 'RS256', kid: 'key' };
const GOOD = [
  ['a user', forge.sign(forge.userClaims())],
  ['a machine', forge.sign(forge.machineClaims())],
] as const;

let world: Awaited<ReturnType<typeof openVerifier>>;
beforeAll(async () => {
  world = await openVerifier(forge);
});

/** True for a token that is let in. Throws for a refusal that would not be answered 401. */
async function isLetIn(token: string): Promise<boolean> {
  try {
    await world.verifier.verify(token);
    return true;
  } catch (error) {
    if (error instanceof InvalidTokenError) return false;
    throw error;
  }
}

async function peersThatRefuse(token: string): Promise<readonly string[]> {
  const answers = await Promise.all(peers.map(async ([name, accepts]) => ((await accepts(token)) ? [] : [name])));
  return answers.flat();
}

/** `token` is let in exactly if the oracle says so, and then by the others too. */
async function assertJudged(token: string, said: object, claims: Readonly<Record<string, unknown>> | null) {
  const isExpected = claims !== null && isGood(forge, { ...said }, claims, world.state.now / 1000);
  expect(await isLetIn(token)).toBe(isExpected);
  if (isExpected) expect(await peersThatRefuse(token)).toEqual([]);
  return isExpected;
}

describe('a good token', () => {
  it.each(GOOD)('of %s is let in, by the other libraries too', async (_, token) => {
    expect(await isLetIn(token)).toBe(true);
    expect(await peersThatRefuse(token)).toEqual([]);
  });

  it('is let in under the issuer of a pool in several regions, too', async () => {
    const token = forge.sign(forge.userClaims({ iss: forge.issuer.replace('//', '//issuer-') }));
    expect(await isLetIn(token)).toBe(true);
  });
});

describe('no credential is a token with', () => {
  it.each(HOSTILE_TOKENS)('%s', async (_, make) => {
    expect(await isLetIn(make(forge))).toBe(false);
  });
});

describe('every change of one byte', () => {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  /** Each of the eight bits turned over, and two other characters of the alphabet. */
  function changesOf(char: string): readonly string[] {
    const flips = [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => String.fromCharCode(char.charCodeAt(0) ^ (1 << bit)));
    const place = ALPHABET.indexOf(char);
    return [...flips, ...[1, 33].map((step) => ALPHABET[(place + step) % 64] ?? '')];
  }

  it('makes a good token one that is none: over 10 000 of them', async () => {
    const letIn: string[] = [];
    let tried = 0;
    for (const [, token] of GOOD) {
      for (let at = 0; at < token.length; at += 1) {
        for (const change of changesOf(token[at] ?? '')) {
          tried += 1;
          const changed = token.slice(0, at) + change + token.slice(at + 1);
          if (await isLetIn(changed)) letIn.push(changed);
        }
      }
    }
    expect(letIn).toEqual([]);
    expect(tried).toBeGreaterThan(10_000);
  });
});

describe('a token with the right signature, whatever it says', () => {
  it('is let in exactly if the rules written a second time say so, and never against the other libraries', async () => {
    let good = 0;
    await fc.assert(
      fc.asyncProperty(toSaid(forge), async (said) => {
        // As it travels: what JSON leaves out is not there.
        const [head, claims] = [said.header, said.claims].map((part) => JSON.parse(JSON.stringify(part)));
        if (await assertJudged(forge.sign(claims, head), head, claims)) good += 1;
      }),
      { numRuns: GENERATED },
    );
    expect(good).toBeGreaterThan(GENERATED / 10);
  });

  it('and with a text put into its payload, is let in only where the payload still says one thing', async () => {
    const json = JSON.stringify(forge.userClaims());
    let good = 0;
    await fc.assert(
      fc.asyncProperty(insertion, async ({ at, what }) => {
        const place = Math.round(at * json.length);
        const payload = Buffer.from(json.slice(0, place) + what + json.slice(place));
        if (await assertJudged(forge.sign(payload), header, readOnce(payload.toString()))) good += 1;
      }),
      { numRuns: GENERATED / 2 },
    );
    expect(good).toBeGreaterThan(0);
  });
});

describe('a token in any other form', () => {
  it('is refused: texts of every kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        expect(await isLetIn(text)).toBe(false);
      }),
    );
  });

  it('is refused: parts of a good one and of others, in any order and number', async () => {
    const [, good = ''] = GOOD[0];
    const part = fc.constantFrom(...good.split('.'), encode(header), encode({}), '', 'AA', '=');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        expect(await isLetIn(parts.join('.'))).toBe(parts.join('.') === good);
      }),
      { numRuns: 500 },
    );
  });
});
