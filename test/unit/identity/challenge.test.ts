import { describe, expect, it } from 'vitest';
import { CHALLENGES } from '../../../src/identity/challenge.ts';

describe('WWW-Authenticate', () => {
  it('tells nobody who showed no credential what would be wrong with one', () => {
    expect(CHALLENGES.noCredential).toBe('Bearer realm="tenantry"');
  });

  it('tells of a bad credential that it is one, and of a good one that it may not do this', () => {
    expect([CHALLENGES.invalidToken, CHALLENGES.insufficientScope]).toEqual([
      'Bearer realm="tenantry", error="invalid_token"',
      'Bearer realm="tenantry", error="insufficient_scope"',
    ]);
  });
});
