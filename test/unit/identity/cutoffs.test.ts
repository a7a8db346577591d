import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CUTOFF_KINDS, type Cutoff, createCutoffs } from '../../../src/identity/cutoffs.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { ACME, aMachine, aUser, GLOBEX, NOW } from '../access/fixtures.ts';

const SECONDS = Math.floor(NOW.getTime() / 1_000);
const mia = aUser({ sessionId: 'session-1', authenticatedAt: NOW, membershipVersion: 7 });
let id = 0;
const row = (kind: Cutoff['kind'], value: unknown, about: Partial<Cutoff> = {}): Cutoff => {
  id += 1;
  return { id, kind, tenant: ACME, user: mia.subject, name: null, value, ...about };
};
const heard = (...rows: readonly Cutoff[]) => {
  const cutoffs = createCutoffs();
  for (const one of rows) cutoffs.add(one);
  return cutoffs;
};
const isEnded = (principal: Principal, ...rows: readonly Cutoff[]) => heard(...rows).findEnd(principal) !== null;

describe('a session that was signed out', () => {
  const signedOut = row('SESSION', true, { name: 'session-1' });

  it('is no credential, and no other session of the user ends with it', () => {
    expect(isEnded(mia, signedOut)).toBe(true);
    expect(isEnded({ ...mia, sessionId: 'session-2' }, signedOut)).toBe(false);
  });

  it('cannot go on without a name: a user token that names no session has ended', () => {
    expect(isEnded({ ...mia, sessionId: null })).toBe(true);
  });
});

describe('a user who signed out everywhere', () => {
  it.each([
    ['before', SECONDS + 1, true],
    ['in the same second', SECONDS, true],
    ['after', SECONDS - 1, false],
  ] as const)('has a sign-in of %s ended or not', (_, at, ended) => {
    expect(isEnded(mia, row('USER', at))).toBe(ended);
    expect(isEnded(aUser({ ...mia, subject: 'somebody' }), row('USER', at))).toBe(false);
  });

  it('has no sign-in brought back by an earlier word that comes late', () => {
    expect(isEnded(mia, row('USER', SECONDS), row('USER', SECONDS - 60))).toBe(true);
  });
});

describe('an account', () => {
  const [disabled, enabled] = [row('ACCOUNT', true), row('ACCOUNT', false)];

  it('is shut while it is disabled', () => {
    expect(isEnded(mia, disabled)).toBe(true);
    expect(isEnded(mia, disabled, enabled)).toBe(false);
  });

  it('is as the later word has it, whichever is heard first', () => {
    expect(isEnded(mia, enabled, disabled)).toBe(false);
    expect(isEnded(mia, disabled, row('ACCOUNT', true), enabled)).toBe(true);
  });

  it('is nothing a machine has', () => {
    expect(isEnded(aMachine({ subject: mia.subject }), disabled)).toBe(false);
  });
});

describe('a membership that has changed', () => {
  const isStale = (version: number | null, about: Partial<Cutoff> = {}) =>
    heard(row('MEMBERSHIP', 8, about)).isStale({ ...mia, membershipVersion: version });

  it('leaves tokens of before stale, and those of since as they are', () => {
    expect([7, 8, 9].map((version) => isStale(version))).toEqual([true, false, false]);
    expect(isStale(null)).toBe(true);
  });

  it('says nothing of another tenant, another user or a machine', () => {
    expect(isStale(7, { tenant: GLOBEX })).toBe(false);
    expect(isStale(7, { user: 'somebody' })).toBe(false);
    expect(heard(row('MEMBERSHIP', 8)).isStale(aMachine({ subject: mia.subject }))).toBe(false);
  });
});

describe('a tenant', () => {
  const open = { isShut: false, mfaRequired: false, maxSessionAgeSeconds: null };

  it('has the rules of the later word, and none once it is open and asks for nothing', () => {
    const [strict, lax] = [row('TENANT', { ...open, mfaRequired: true }), row('TENANT', open)];
    expect(heard(strict).rulesOf(ACME)).toEqual({ ...open, mfaRequired: true });
    expect(heard(strict, lax).rulesOf(ACME)).toBeNull();
    expect(heard(lax, strict).rulesOf(ACME)).toBeNull();
    expect([heard(strict).rulesOf(GLOBEX), heard(strict).rulesOf(null)]).toEqual([null, null]);
  });
});

describe('a word that cannot be read', () => {
  it.each([
    ['USER', 'soon'],
    ['ACCOUNT', 1],
    ['MEMBERSHIP', null],
    ['TENANT', { isShut: 'no' }],
    ['CLIENT', {}],
  ] as const)('of kind %s is not taken for a harmless one', (kind, value) => {
    expect(() => heard(row(kind, value))).toThrow();
  });
});

const VALUES = {
  SESSION: fc.constant(true),
  USER: fc.integer({ min: SECONDS - 3, max: SECONDS + 3 }),
  ACCOUNT: fc.boolean(),
  MEMBERSHIP: fc.integer({ min: 5, max: 9 }),
  TENANT: fc.record({
    isShut: fc.boolean(),
    mfaRequired: fc.boolean(),
    maxSessionAgeSeconds: fc.option(fc.integer({ min: 300, max: 900 })),
  }),
  CLIENT: fc.record({ isEnded: fc.boolean() }),
} as const;

const rows = fc
  .array(
    fc.constantFrom(...CUTOFF_KINDS).chain((kind) =>
      fc.record({
        kind: fc.constant(kind),
        tenant: fc.constantFrom(ACME, GLOBEX),
        user: fc.constantFrom(mia.subject, 'somebody'),
        name: fc.constantFrom('session-1', 'session-2'),
        value: VALUES[kind] as fc.Arbitrary<unknown>,
      }),
    ),
    { maxLength: 12 },
  )
  .map((all): readonly Cutoff[] => all.map((one, index) => ({ ...one, id: index + 1 })));

describe('the same words', () => {
  it('in any order and any number of times say the same', () => {
    const heardOtherwise = rows.chain((all) =>
      fc.record({
        all: fc.constant(all),
        again: fc.array(fc.nat({ max: Math.max(0, all.length - 1) }), { maxLength: 12 }),
        order: fc.shuffledSubarray([...all], { minLength: all.length }),
      }),
    );
    const tell = (cutoffs: ReturnType<typeof createCutoffs>) => [
      ...[mia, { ...mia, sessionId: 'session-2' }, aUser({ ...mia, subject: 'somebody', tenantId: GLOBEX })].map(
        (principal) => [cutoffs.findEnd(principal), cutoffs.isStale(principal)],
      ),
      ...[ACME, GLOBEX].map((tenantId) => cutoffs.rulesOf(tenantId)),
      ...['session-1', 'session-2'].map((name) => cutoffs.findClient(name)),
      cutoffs.size(),
    ];
    fc.assert(
      fc.property(heardOtherwise, ({ all, again, order }) => {
        const repeated = again.flatMap((index) => all[index] ?? []);
        const refilled = heard(row('ACCOUNT', true));
        refilled.refill(all);
        expect(tell(heard(...repeated, ...order, ...repeated))).toEqual(tell(heard(...all)));
        expect(tell(refilled)).toEqual(tell(heard(...all)));
      }),
      { numRuns: 500 },
    );
  });
});
