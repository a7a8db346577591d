import { z } from 'zod';
import { groupsOfRole, looksLikeRoleGroup, roleOfGroups } from './groups.ts';
import type { MembershipRole, Principal } from './principal.ts';

const names = z.array(z.string().min(1).max(128)).max(100);
const seconds = z.number().int().nonnegative();

const AccessTokenClaims = z.looseObject({
  sub: z.string().min(1).max(128),
  client_id: z.string().min(1).max(128),
  exp: seconds,
  iat: seconds,
  username: z.string().min(1).max(256).optional(),
  origin_jti: z.string().min(1).max(128).optional(),
  auth_time: seconds.optional(),
  scope: z.string().max(4096).default(''),
  'cognito:groups': names.optional(),
  tenant_role: z.enum(['OWNER', 'ADMIN', 'MEMBER']).optional(),
  membership_version: seconds.optional(),
  amr: names.optional(),
});

const Id = z.guid().toLowerCase();

// What RFC 7519, RFC 9068 and Cognito give a meaning to beside the claims read above.
const TAKEN = new Set([
  ...Object.keys(AccessTokenClaims.shape),
  'iss',
  'aud',
  'nbf',
  'jti',
  'token_use',
  'version',
  'event_id',
  'acr',
]);

/** True for a claim that means something else than the tenant, whatever a configuration says. */
export function isTakenClaim(name: string): boolean {
  return TAKEN.has(name);
}

/** Cognito's own limit on the life of an access token. */
const MAX_LIFETIME_SECONDS = 24 * 60 * 60;
/** How far the pool's clock may be ahead of ours before a token is from the future. */
const CLOCK_SKEW_SECONDS = 60;

/**
 * The Principal a verified access token stands for at `nowMs`, milliseconds since 1970. Throws Error, with the failing
 * rule in its message, on claims that are missing, malformed or at odds with each other: such a token is no credential.
 */
export function toPrincipal(claims: Readonly<Record<string, unknown>>, tenantClaim: string, nowMs: number): Principal {
  const token = AccessTokenClaims.parse(claims);
  assertTimes(token, nowMs / 1000);
  const tenantId = toTenantId(claims, tenantClaim);
  // Cognito gives client_credentials tokens no username and the client's id as subject.
  const isMachine = token.username === undefined && token.sub === token.client_id;
  if (!isMachine && !Id.safeParse(token.sub).success) throw new Error('sub: not a user id of Cognito');
  if (!isMachine && token.username === undefined) throw new Error('username: missing from a user token');
  if (!isMachine && token.origin_jti === undefined) throw new Error('origin_jti: missing from a user token');

  const poolGroups = isMachine ? [] : (token['cognito:groups'] ?? []);
  const tenantRole = isMachine || tenantId === null ? null : (token.tenant_role ?? roleOfGroups(poolGroups));
  return Object.freeze({
    kind: isMachine ? 'MACHINE' : 'USER',
    subject: token.sub,
    clientId: token.client_id,
    username: token.username ?? null,
    groups: Object.freeze(toGroups(poolGroups, tenantRole)),
    scopes: Object.freeze(token.scope.split(' ').filter((scope) => scope !== '')),
    tenantId,
    tenantRole,
    membershipVersion: token.membership_version ?? null,
    sessionId: isMachine ? null : (token.origin_jti ?? null),
    authenticatedAt: token.auth_time === undefined ? null : new Date(token.auth_time * 1000),
    expiresAt: new Date(token.exp * 1000),
    mfa: (token.amr ?? []).some((method) => method === 'mfa'),
    claims: deepFreeze(claims),
  });
}

function assertTimes({ exp, iat, auth_time }: z.infer<typeof AccessTokenClaims>, now: number): void {
  if (exp <= iat || exp - iat > MAX_LIFETIME_SECONDS) throw new Error('exp: not within 24 hours of iat');
  if (iat > now + CLOCK_SKEW_SECONDS) throw new Error('iat: in the future');
  if ((auth_time ?? 0) > now + CLOCK_SKEW_SECONDS) throw new Error('auth_time: in the future');
}

// A pool group that only looks like a role group gives nothing; the role itself does.
function toGroups(poolGroups: readonly string[], role: MembershipRole | null): string[] {
  return [...poolGroups.filter((group) => !looksLikeRoleGroup(group)), ...groupsOfRole(role)];
}

function toTenantId(claims: Readonly<Record<string, unknown>>, tenantClaim: string): string | null {
  const stamped = claims[tenantClaim];
  const mirrored = claims['custom:tenant_id'];
  if (stamped !== undefined && mirrored !== undefined && stamped !== mirrored) {
    throw new Error(`${tenantClaim}: differs from custom:tenant_id`);
  }
  return stamped === undefined ? null : Id.parse(stamped);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
