import { describe, expect, it } from 'vitest';
import { toIssuers, toKeySetUrl } from '../../../src/identity/issuers.ts';

describe('a user pool', () => {
  it('issues tokens under two names: of its region, and of a pool in several', () => {
    expect(toIssuers('eu-west-1_Abc')).toEqual([
      'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc',
      'https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc',
    ]);
  });

  it('publishes its keys at its region', () => {
    expect(toKeySetUrl('eu-west-1_Abc')).toBe(
      'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc/.well-known/jwks.json',
    );
  });
});
