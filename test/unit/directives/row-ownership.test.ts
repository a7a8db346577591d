import { describe, expect, it } from 'vitest';
import { BARE, toRule } from '../../../src/access/rule.ts';
import { findObjection } from '../../../src/graphql/directives/row-ownership.ts';
import { type Scope, SYSTEM } from '../../../src/store/scope.ts';
import { stampRow } from '../../../src/store/stamp.ts';
import { ACME, aUser, GLOBEX } from '../access/fixtures.ts';

const NOTE = { name: 'Note', rule: toRule([BARE]), ownerField: 'tenantId', inherits: false, sources: [] };

const judge = (
  row: unknown,
  allowed: Scope['reach'] = 'TENANT',
  principal: ReturnType<typeof aUser> | null = aUser(),
) => findObjection(row, NOTE, allowed, principal);

describe('a row without an owner of its own', () => {
  it.each([[null], [undefined], ['text'], [7], [true], [{}], [Object.assign(() => 0, { tenantId: ACME })]])(
    'is a fault of ours: %o',
    (row) => {
      expect(judge(row)).toEqual({ fault: true, reason: 'a Note has no tenantId of its own' });
    },
  );
});

describe('a row that is held back', () => {
  it('is told with its tenant, how it was read, and what is allowed there', () => {
    expect(judge(stampRow({ tenantId: GLOBEX }, { reach: 'TENANT', tenantId: GLOBEX, userId: null }))).toEqual({
      fault: false,
      reason: `a Note of tenant ${GLOBEX}, read under TENANT, where TENANT is allowed`,
    });
  });

  it('is told to have been read under no known reach when it did not come from the store', () => {
    expect(judge({ tenantId: GLOBEX }, 'SELF')?.reason).toContain('read under no known reach, where SELF is allowed');
  });

  it.each([
    ['claims the tenant of the reader and was read under another', ACME, GLOBEX],
    ['claims another tenant and was read under that of the reader', GLOBEX, ACME],
  ])('%s', (_how, tenantId, readUnder) => {
    const row = stampRow({ tenantId }, { reach: 'TENANT', tenantId: readUnder, userId: null });
    expect(judge(row)?.fault).toBe(false);
  });

  it('was read by the system itself, or is asked for by nobody', () => {
    expect(judge(stampRow({ tenantId: ACME }, SYSTEM))?.fault).toBe(false);
    expect(judge({ tenantId: ACME }, 'TENANT', null)?.fault).toBe(false);
  });
});
