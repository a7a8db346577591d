import { describe, expect, it } from 'vitest';
import { toPrincipal } from '../../src/identity/claims.ts';

const SUB = '11111111-1111-4111-8111-111111111111';
const TENANT = '22222222-2222-4222-8222-222222222222';
const OTHER = '33333333-3333-4333-8333-333333333333';
const USER = {
  token_use: 'access',
  sub: SUB,
  username: SUB,
  client_id: 'client',
  origin_jti: 'session',
  scope: 'openid email',
  auth_time: 1_800_000_000,
  iat: 1_800_000_000,
  exp: 1_800_003_600,
};
const NOW = 1_800_000_001_000;
const MACHINE = {
  token_use: 'access',
  sub: 'client',
  client_id: 'client',
  scope: 'tenantry/members.read',
  iat: 1_800_000_000,
  exp: 1_800_003_600,
};

const read = (claims: object, tenantClaim = 'tenant_id') => toPrincipal({ ...USER, ...claims }, tenantClaim, NOW);

describe('a user token', () => {
  it('becomes a principal', () => {
    expect(read({ tenant_id: TENANT, tenant_role: 'ADMIN', membership_version: 7 })).toMatchObject({
      kind: 'USER',
      subject: SUB,
      clientId: 'client',
      username: SUB,
      groups: ['TenantAdmins', 'TenantMembers'],
      scopes: ['openid', 'email'],
      tenantId: TENANT,
      tenantRole: 'ADMIN',
      membershipVersion: 7,
      sessionId: 'session',
      authenticatedAt: new Date(1_800_000_000_000),
      expiresAt: new Date(1_800_003_600_000),
      mfa: false,
    });
  });

  it('has no scope when none is granted', () => {
    expect([read({ scope: '' }).scopes, read({ scope: undefined }).scopes]).toEqual([[], []]);
  });

  it('names a tenant in any case of letters', () => {
    const id = TENANT.replaceAll('2', 'a');
    expect(read({ tenant_id: id.toUpperCase() }).tenantId).toBe(id);
  });

  it('names its tenant in the claim that is configured', () => {
    expect(read({ org: TENANT, tenant_id: OTHER }, 'org').tenantId).toBe(TENANT);
  });

  it('takes the role from the stamped groups where no claim says it', () => {
    expect(read({ tenant_id: TENANT, 'cognito:groups': ['TenantOwners', 'TenantAdmins'] })).toMatchObject({
      tenantRole: 'OWNER',
      groups: ['TenantOwners', 'TenantAdmins', 'TenantMembers'],
    });
  });

  it('has the role that is stamped, and not one its groups say', () => {
    expect(read({ tenant_id: TENANT, tenant_role: 'MEMBER', 'cognito:groups': ['TenantOwners'] }).groups).toEqual([
      'TenantMembers',
    ]);
  });

  it('has no role without a tenant, whatever it says', () => {
    expect(read({ tenant_role: 'OWNER', 'cognito:groups': ['TenantOwners', 'Users'] })).toMatchObject({
      tenantId: null,
      tenantRole: null,
      groups: ['Users'],
    });
  });

  it.each([
    [['mfa'], true],
    [['pwd'], false],
    [undefined, false],
  ])('with amr %j proves a second factor: %s', (amr, proven) => {
    expect(read({ amr }).mfa).toBe(proven);
  });

  it('takes no tenant from custom:tenant_id, which only mirrors it', () => {
    expect(read({ 'custom:tenant_id': TENANT }).tenantId).toBeNull();
  });

  it('agrees with a mirror that says the same', () => {
    expect(read({ tenant_id: TENANT, 'custom:tenant_id': TENANT }).tenantId).toBe(TENANT);
  });

  it.each([
    ['two tenants', { tenant_id: TENANT, 'custom:tenant_id': OTHER }],
    ['a tenant that is no id', { tenant_id: 'acme' }],
    ['a list of tenants', { tenant_id: [TENANT] }],
    ['no tenant by name', { tenant_id: null }],
    ['no session', { origin_jti: undefined }],
    ['no username', { username: undefined }],
    ['no sign-in time', { auth_time: undefined }],
    ['no use', { token_use: undefined }],
    ['the use of an ID token', { token_use: 'id' }],
    ['the use in other letters', { token_use: 'Access' }],
    ['a list of uses', { token_use: ['access'] }],
    ['a token id that is a number', { jti: 1 }],
    ['an empty token id', { jti: '' }],
    ['a subject in capitals', { sub: SUB.replaceAll('1', 'A') }],
    ['an app client in a list', { client_id: ['client'] }],
    ['a session of 10 KB', { origin_jti: 'a'.repeat(10_240) }],
    ['a membership version as text', { membership_version: '1' }],
    ['a factor in text', { amr: 'mfa' }],
    ['a subject that is no id', { sub: 'mia' }],
    ['no subject', { sub: undefined }],
    ['a subject of 10 KB', { sub: 'a'.repeat(10_240) }],
    ['no expiry', { exp: undefined }],
    ['an expiry in text', { exp: '1800003600' }],
    ['a negative expiry', { exp: -1 }],
    ['groups in text', { 'cognito:groups': 'Admins' }],
    ['groups in groups', { 'cognito:groups': [['Admins']] }],
    ['10 000 groups', { 'cognito:groups': Array(10_000).fill('x') }],
    ['a role nobody knows', { tenant_id: TENANT, tenant_role: 'EMPEROR' }],
    ['a scope that is a list', { scope: ['openid'] }],
    ['two spaces between scopes', { scope: 'openid  email' }],
    ['a space after the last scope', { scope: 'openid ' }],
    ['a tab between scopes', { scope: 'openid\temail' }],
    ['a quote in a scope', { scope: 'open"id' }],
    ['a backslash in a scope', { scope: 'open\\id' }],
    ['a scope beyond ASCII', { scope: 'openíd' }],
  ])('with %s is no credential', (_, claims) => {
    expect(() => read(claims)).toThrow();
  });
});

describe('a machine token', () => {
  const readMachine = (claims: object) => toPrincipal({ ...MACHINE, ...claims }, 'tenant_id', NOW);

  it('becomes a principal with scopes and one tenant', () => {
    expect(readMachine({ tenant_id: TENANT })).toMatchObject({
      kind: 'MACHINE',
      subject: 'client',
      username: null,
      scopes: ['tenantry/members.read'],
      tenantId: TENANT,
      sessionId: null,
    });
  });

  it('never has groups or a role', () => {
    const claims = { tenant_id: TENANT, tenant_role: 'OWNER', 'cognito:groups': ['Admins', 'TenantOwners'] };
    expect(readMachine(claims)).toMatchObject({ groups: [], tenantRole: null });
  });

  it('with a username is a user token, and as such no credential', () => {
    expect(() => readMachine({ username: 'client' })).toThrow();
  });

  it('of another client than its subject is no credential', () => {
    expect(() => readMachine({ sub: 'other' })).toThrow();
  });
});

describe('the times of a token', () => {
  it.each([
    ['an expiry before its issue', { iat: 1_800_000_000, exp: 1_799_999_999 }],
    ['a life of more than 24 hours', { exp: 1_800_086_401 }],
    ['an issue in the future', { iat: 1_800_000_100, exp: 1_800_003_600 }],
    ['a sign-in in the future', { auth_time: 1_800_000_100 }],
    ['an expiry as text', { exp: '1800003600' }],
    ['no expiry', { exp: undefined }],
    ['no issue', { iat: undefined }],
    ['a fraction of a second', { exp: 1_800_003_600.5 }],
    ['a negative issue', { iat: -1 }],
    ['a beginning in the future', { nbf: 1_800_000_002 }],
    ['a beginning as text', { nbf: '1800000000' }],
    ['an expiry no double counts to', { exp: 2 ** 53 }],
    ['an endless expiry', { exp: Number.POSITIVE_INFINITY }],
    ['an expiry in the year 9999', { exp: 253_402_300_799 }],
    ['a sign-in at a fraction of a second', { auth_time: 1.5 }],
  ])('with %s are no credential', (_, times) => {
    expect(() => read(times)).toThrow();
  });

  it('may begin at this second', () => {
    expect(read({ nbf: 1_800_000_001 })).toMatchObject({ subject: SUB });
  });

  it('may be a minute ahead of our clock', () => {
    expect(read({ iat: 1_800_000_050 })).toMatchObject({ subject: SUB });
  });
});
