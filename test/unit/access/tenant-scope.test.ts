import { describe, expect, it } from 'vitest';
import { type DeclaredReach, decideTenant } from '../../../src/access/tenant-scope.ts';
import type { TenantRules } from '../../../src/identity/cutoffs.ts';
import type { Principal } from '../../../src/identity/principal.ts';
import { ACME, aMachine, anAdmin, aUser, GLOBEX, NOW } from './fixtures.ts';

const answer = (
  reach: DeclaredReach,
  principal: Principal | null,
  args?: Readonly<Record<string, unknown>>,
  tenantRules: TenantRules | null = null,
) => {
  const argument = args === undefined ? null : ['input', 'tenantId'];
  const decision = decideTenant({ reach, argument, text: '' }, args ?? {}, { principal, now: NOW, tenantRules });
  return decision.allowed ? 'ALLOWED' : decision.code;
};
const naming = (tenantId: unknown) => ({ input: { tenantId } });

describe('decideTenant', () => {
  it('asks a token without a tenant for one, under reach TENANT', () => {
    expect(answer('TENANT', aUser())).toBe('ALLOWED');
    expect(answer('TENANT', aUser({ tenantId: null }))).toBe('TENANT_REQUIRED');
    expect(answer('TENANT', aMachine({ tenantId: null }))).toBe('TENANT_REQUIRED');
    expect(answer('TENANT', anAdmin())).toBe('TENANT_REQUIRED');
  });

  it('asks for no tenant under SELF, nor under PLATFORM where no argument could name one', () => {
    expect(answer('SELF', aUser({ tenantId: null }))).toBe('ALLOWED');
    expect(answer('PLATFORM', aUser({ tenantId: null }))).toBe('ALLOWED');
  });

  it("takes an argument left out, or null, for the token's tenant", () => {
    expect(answer('PLATFORM', aUser(), {})).toBe('ALLOWED');
    expect(answer('PLATFORM', aUser(), naming(null))).toBe('ALLOWED');
    expect(answer('PLATFORM', aUser({ tenantId: null }), {})).toBe('TENANT_REQUIRED');
  });

  it('answers NOT_FOUND to whoever names a tenant that is not the own', () => {
    expect(answer('PLATFORM', aUser(), naming(ACME))).toBe('ALLOWED');
    expect(answer('PLATFORM', aUser(), naming(GLOBEX))).toBe('NOT_FOUND');
    expect(answer('PLATFORM', aUser({ tenantId: null }), naming(GLOBEX))).toBe('NOT_FOUND');
    expect(answer('PLATFORM', aUser(), naming([ACME]))).toBe('NOT_FOUND');
    expect(answer('PLATFORM', aUser(), naming(''))).toBe('NOT_FOUND');
  });

  it('lets platform staff name any tenant under PLATFORM, and under nothing less', () => {
    expect(answer('PLATFORM', anAdmin(), naming(GLOBEX))).toBe('ALLOWED');
    expect(answer('TENANT', anAdmin(), naming(GLOBEX))).toBe('NOT_FOUND');
    expect(answer('SELF', anAdmin(), naming(GLOBEX))).toBe('NOT_FOUND');
  });

  it('gives a machine that claims to be staff no other tenant', () => {
    expect(answer('PLATFORM', aMachine({ groups: ['Admins'] }), naming(GLOBEX))).toBe('NOT_FOUND');
  });

  it('reads no argument from a prototype', () => {
    expect(answer('PLATFORM', anAdmin(), { input: Object.create({ tenantId: GLOBEX }) })).toBe('TENANT_REQUIRED');
  });

  it.each([[null], ['acme'], [7]])('takes an input that is %o for one that names no tenant', (input) => {
    expect(answer('PLATFORM', aUser(), { input })).toBe('ALLOWED');
  });

  it.each([
    ['TENANT', null, {}, 'there is no verified caller'],
    ['TENANT', aUser({ tenantId: null }), {}, 'the token of mia names no tenant'],
    ['PLATFORM', aUser(), naming(GLOBEX), "mia named a tenant that is not the token's own"],
  ] as const)('tells the log why it refuses under %s', (reach, principal, args, reason) => {
    const scope = { reach, argument: ['input', 'tenantId'], text: '@tenantScoped' };
    expect(decideTenant(scope, args, { principal, now: NOW, tenantRules: null })).toMatchObject({
      reason,
      rule: '@tenantScoped',
    });
  });

  const rules = (given: Partial<TenantRules>): TenantRules => ({
    isShut: false,
    mfaRequired: false,
    maxSessionAgeSeconds: null,
    ...given,
  });
  const SHUT = rules({ isShut: true });
  const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);

  it.each([
    ['of the tenant', 'TENANT', undefined],
    ['that names it', 'PLATFORM', naming(ACME)],
    ['that could name it', 'PLATFORM', {}],
  ] as const)('refuses a field %s while it is shut, to people and machines', (_, reach, args) => {
    expect(answer(reach, aUser(), args, SHUT)).toBe('TENANT_SUSPENDED');
    expect(answer(reach, aMachine(), args, SHUT)).toBe('TENANT_SUSPENDED');
  });

  it('leaves what is the own, and what platform staff do, as it is while the tenant is shut', () => {
    expect(answer('SELF', aUser(), undefined, SHUT)).toBe('ALLOWED');
    expect(answer('PLATFORM', aUser(), undefined, SHUT)).toBe('ALLOWED');
    expect(answer('PLATFORM', anAdmin({ tenantId: ACME }), naming(ACME), SHUT)).toBe('ALLOWED');
    expect(answer('TENANT', anAdmin({ tenantId: ACME }), undefined, SHUT)).toBe('TENANT_SUSPENDED');
  });

  it('asks people for the second factor the tenant asks for, and machines for none', () => {
    const asked = rules({ mfaRequired: true });
    expect(answer('TENANT', aUser({ mfa: false }), undefined, asked)).toBe('STEP_UP_REQUIRED');
    expect(answer('TENANT', aUser({ mfa: true }), undefined, asked)).toBe('ALLOWED');
    expect(answer('TENANT', aMachine(), undefined, asked)).toBe('ALLOWED');
    expect(answer('SELF', aUser({ mfa: false }), undefined, asked)).toBe('ALLOWED');
  });

  it('asks for a new sign-in once a session is older than the tenant lets it be', () => {
    const asked = rules({ maxSessionAgeSeconds: 600 });
    expect(answer('TENANT', aUser({ authenticatedAt: ago(600) }), undefined, asked)).toBe('ALLOWED');
    expect(answer('TENANT', aUser({ authenticatedAt: ago(601) }), undefined, asked)).toBe('STEP_UP_REQUIRED');
    expect(answer('TENANT', aUser({ authenticatedAt: null }), undefined, asked)).toBe('STEP_UP_REQUIRED');
  });

  it('lets no stranger through', () => {
    expect(answer('SELF', null)).toBe('UNAUTHENTICATED');
  });
});
