import { describe, expect, it } from 'vitest';
import { compare, type Known } from '../../src/jobs/reconcile/compare.ts';
import type { PoolUser } from '../../src/user-pool/users.ts';

const POOL: PoolUser = {
  username: 'pat',
  isEnabled: true,
  status: 'CONFIRMED',
  attributes: { sub: 'id', email: 'pat@acme.test' },
  modifiedAt: new Date(),
};
const KNOWN: Known = {
  id: 'id',
  username: 'pat',
  email: 'pat@acme.test',
  isConfirmed: true,
  isDisabled: false,
  isUnderWay: false,
};

describe('pool and database', () => {
  it.each<[string, PoolUser | undefined, Known | undefined, boolean, readonly string[]]>([
    ['agree', POOL, KNOWN, false, []],
    ['agree on who is kept out by both', { ...POOL, isEnabled: false }, { ...KNOWN, isDisabled: true }, false, []],
    ['agree on who has no address', { ...POOL, attributes: { sub: 'id' } }, { ...KNOWN, email: null }, false, []],
    ['agree on who is nowhere', undefined, undefined, true, []],
    ['differ by a profile', POOL, undefined, false, ['PROFILE_MISSING', 'CONFIRMATION_LOST']],
    ['differ by a confirmation', POOL, { ...KNOWN, isConfirmed: false }, false, ['CONFIRMATION_LOST']],
    [
      'agree on who has not finished signing up',
      { ...POOL, status: 'FORCE_CHANGE_PASSWORD' },
      { ...KNOWN, isConfirmed: false },
      false,
      [],
    ],
    ['wait for who has not confirmed', { ...POOL, status: 'UNCONFIRMED' }, undefined, false, []],
    ['wait for who has never signed in', { ...POOL, status: 'FORCE_CHANGE_PASSWORD' }, undefined, false, []],
    ['differ by a user', undefined, KNOWN, false, ['USER_GONE']],
    ['differ by a deletion', POOL, undefined, true, ['DELETION_LOST']],
    ['differ by an address', POOL, { ...KNOWN, email: 'old@acme.test' }, false, ['EMAIL_CHANGED']],
    ['differ by who is kept out here', POOL, { ...KNOWN, isDisabled: true }, false, ['STANDING_DIFFERS']],
    ['differ by who is kept out there', { ...POOL, isEnabled: false }, KNOWN, false, ['STANDING_DIFFERS']],
    [
      'differ in two ways',
      POOL,
      { ...KNOWN, email: null, isDisabled: true },
      false,
      ['EMAIL_CHANGED', 'STANDING_DIFFERS'],
    ],
    ['are left alone while the outbox is at it', undefined, { ...KNOWN, isUnderWay: true }, false, []],
  ])('%s', (_, pool, known, isDeleted, differences) => {
    expect(compare(pool, known, isDeleted, false)).toEqual(differences);
  });

  it.each([
    ['for a while', undefined, ['PROFILE_MISSING']],
    ['of who has a profile', { ...KNOWN, isConfirmed: false }, []],
  ])('leave a confirmation to its trigger %s', (_, known, differences) => {
    expect(compare(POOL, known, false, true)).toEqual(differences);
  });
});
