import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { toPrincipal } from '../../src/identity/claims.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const SINCE = new Date('2026-11-01T00:00:00Z');
const USER = {
  token_use: 'access',
  sub: '0c000000-0000-4000-8000-000000000003',
  username: 'mia',
  client_id: 'web',
  origin_jti: 'session-1',
  auth_time: NOW / 1000 - 60,
  iat: NOW / 1000 - 60,
  exp: NOW / 1000 + 3600,
};
const { username: _, origin_jti: __, auth_time: ___, ...REST } = USER;
const MACHINE = { ...REST, sub: 'robot', client_id: 'robot' };

const isProven = (claims: object, since: Date | null = null) => toPrincipal({ ...claims }, 'tenant_id', NOW, since).mfa;

describe('a second factor is proven', () => {
  it('by mfa among the methods of the sign-in', () => {
    expect(isProven({ ...USER, amr: ['pwd', 'otp', 'mfa'] })).toBe(true);
  });

  it.each([
    ['no methods', {}],
    ['an empty list', { amr: [] }],
    ['a password and a code, which may have been one after another', { amr: ['pwd', 'otp'] }],
    ['a name that only looks like it', { amr: ['MFA', ' mfa', 'mfa2'] }],
    ['a level alone', { acr: 'urn:cognito:loa:4' }],
  ])('not by %s', (_, claims) => {
    expect(isProven({ ...USER, ...claims })).toBe(false);
  });

  it('by a sign-in from the moment on that none passes without', () => {
    const at = (since: Date, seconds: number) => ({ ...USER, auth_time: since.getTime() / 1000 + seconds });
    expect(isProven(at(SINCE, 0), SINCE)).toBe(true);
    expect(isProven(at(SINCE, -1), SINCE)).toBe(false);
  });

  it('not by a token that is younger than that moment, of a sign-in that is older', () => {
    expect(isProven({ ...USER, auth_time: SINCE.getTime() / 1000 - 86_400 }, SINCE)).toBe(false);
  });

  it('never for a machine', () => {
    expect(isProven({ ...MACHINE, amr: ['mfa'], auth_time: NOW / 1000 }, SINCE)).toBe(false);
  });
});

describe('MFA_REQUIRED_SINCE', () => {
  const read = (text: string) => readConfig({ MFA_REQUIRED_SINCE: text }).MFA_REQUIRED_SINCE;

  it('is an instant, in any zone', () => {
    expect(read('2026-11-01T01:00:00+01:00')).toEqual(SINCE);
  });

  it('proves nothing while it is not set', () => {
    expect(readConfig({}).MFA_REQUIRED_SINCE).toBeUndefined();
  });

  it.each(['on', 'true', '2026-11-01', '2026-11-01T00:00:00', '1793491200', '2026-02-30T00:00:00Z'])(
    'is refused as %j',
    (text) => {
      expect(() => read(text)).toThrow('MFA_REQUIRED_SINCE must be an instant such as 2026-01-31T00:00:00Z');
    },
  );
});
