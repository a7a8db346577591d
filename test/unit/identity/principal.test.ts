import { describe, expect, it } from 'vitest';
import { isTakenClaim, toPrincipal } from '../../../src/identity/claims.ts';
import { InvalidTokenError } from '../../../src/identity/invalid-token.ts';
import { createForge } from './forge.ts';

const forge = createForge();
const nowSeconds = Math.floor(Date.now() / 1000);
const NOW = nowSeconds * 1000;
const readUser = (changes: object = {}) => toPrincipal(forge.userClaims(changes), 'tenant_id', NOW);
const readMachine = (changes: object = {}) => toPrincipal(forge.machineClaims(changes), 'tenant_id', NOW);

describe('a principal', () => {
  it('cannot be changed by anything it is handed to, in what it is or in what it claims', () => {
    const principal = readUser({ profile: { teams: [{ name: null }] } });
    const { groups, scopes, claims } = principal;
    const { teams } = claims['profile'] as { readonly teams: readonly object[] };
    const parts = [principal, groups, scopes, claims, claims['profile'], teams, teams[0]];
    expect(parts.map(Object.isFrozen)).toEqual(parts.map(() => true));
  });

  it('has no time of sign-in where the token tells none', () => {
    expect(readMachine({ auth_time: undefined }).authenticatedAt).toBeNull();
  });
});

describe('the reason for refusing a token', () => {
  it.each([
    ['sub: not a user id of Cognito', { sub: 'mia' }],
    ['username: missing from a user token', { username: undefined }],
    ['origin_jti: missing from a user token', { origin_jti: undefined }],
    ['auth_time: missing from a user token', { auth_time: undefined }],
    ['tenant_id: differs from custom:tenant_id', { 'custom:tenant_id': forge.subject }],
    ['exp: not within 24 hours of iat', { exp: nowSeconds + 86_401, iat: nowSeconds }],
    ['exp: not within 24 hours of iat', { exp: nowSeconds, iat: nowSeconds }],
    ['iat: in the future', { iat: nowSeconds + 61 }],
    ['auth_time: in the future', { auth_time: nowSeconds + 61 }],
    ['nbf: in the future', { nbf: nowSeconds + 2 }],
    ['claims.jti: invalid_type; claims.username: too_small', { jti: 1, username: '' }],
  ])('is told as "%s"', (reason, changes) => {
    expect(() => readUser(changes)).toThrow(new InvalidTokenError(reason));
  });

  it('stands in the log under the name of its kind', () => {
    expect(new InvalidTokenError('kid: not in the key set').name).toBe('InvalidTokenError');
  });
});

describe('the largest claims Cognito may sign', () => {
  it.each([
    ['a life of 24 hours', { iat: nowSeconds, exp: nowSeconds + 86_400 }],
    ['a clock a minute ahead of ours', { iat: nowSeconds + 60, auth_time: nowSeconds + 60 }],
    ['a username of 256 characters', { username: 'u'.repeat(256) }],
    ['a session id of 128 characters', { origin_jti: 's'.repeat(128) }],
    ['100 groups of 128 characters', { 'cognito:groups': Array(100).fill('g'.repeat(128)) }],
    ['scopes of 4 096 characters', { scope: `${'s'.repeat(2047)} ${'t'.repeat(2048)}` }],
    ['a scope of one character, and the ends of what RFC 6749 allows in it', { scope: '! ~ # [ ]' }],
  ])('are read: %s', (_, changes) => {
    expect(readUser(changes).subject).toBe(forge.subject);
  });

  it.each([
    ['a username of 257 characters', { username: 'u'.repeat(257) }],
    ['a session id of 129 characters', { origin_jti: 's'.repeat(129) }],
    ['101 groups', { 'cognito:groups': Array(101).fill('g') }],
    ['a group of 129 characters', { 'cognito:groups': ['g'.repeat(129)] }],
    ['a group without a name', { 'cognito:groups': [''] }],
    ['scopes of 4 097 characters', { scope: 's'.repeat(4097) }],
    ['a space before the first scope', { scope: ' openid' }],
    ['a control character in a scope', { scope: 'open\x7fid' }],
    ['an empty app client', { client_id: '' }],
  ])('are refused one step further: %s', (_, changes) => {
    expect(() => readUser(changes)).toThrow(InvalidTokenError);
  });
});

describe('the claim a configuration may name for the tenant', () => {
  it.each(['iss', 'aud', 'sub', 'client_id', 'scope', 'cognito:groups', 'tenant_role', 'version', 'event_id', 'acr'])(
    'is not %s, which means something else',
    (name) => {
      expect(isTakenClaim(name)).toBe(true);
    },
  );

  it.each(['tenant_id', 'org', 'custom:org'])('may be %s', (name) => {
    expect(isTakenClaim(name)).toBe(false);
  });
});
