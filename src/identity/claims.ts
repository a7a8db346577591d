import { z } from 'zod';
import { AccessTokenClaims, assertTimes } from './access-token.ts';
import { roleOfGroups, toCallerGroups } from './groups.ts';
import { InvalidTokenError, readAs } from './invalid-token.ts';
import type { Principal } from './principal.ts';

const Id = z.guid().toLowerCase();

// What RFC 7519, RFC 9068 and Cognito give a meaning to beside the claims read above.
const TAKEN = new Set([...Object.keys(AccessTokenClaims.shape), 'iss', 'aud', 'version', 'event_id', 'acr']);

/** True for a claim that means something else than the tenant, whatever a configuration says. */
export function isTakenClaim(name: string): boolean {
  return TAKEN.has(name);
}

/**
 * The Principal these claims of an access token stand for at `nowMs`, milliseconds since 1970, once their signature holds.
 * `mfaRequiredSince`: no sign-in has been possible without a second factor from then on. Throws InvalidTokenError on claims
 * that are missing, malformed or at odds with each other: such a token is no credential.
 */
export function toPrincipal(
  claims: Readonly<Record<string, unknown>>,
  tenantClaim: string,
  nowMs: number,
  mfaRequiredSince: Date | null = null,
): Principal {
  const token = readAs(AccessTokenClaims, 'claims', claims);
  assertTimes(token, nowMs / 1000);
  const tenantId = toTenantId(claims, tenantClaim);
  // Cognito gives client_credentials tokens no username and the client's id as subject.
  const isMachine = token.username === undefined && token.sub === token.client_id;
  if (!isMachine) assertUser(token);

  const poolGroups = isMachine ? [] : (token['cognito:groups'] ?? []);
  const tenantRole = isMachine || tenantId === null ? null : (token.tenant_role ?? roleOfGroups(poolGroups));
  return Object.freeze({
    kind: isMachine ? 'MACHINE' : 'USER',
    subject: token.sub,
    clientId: token.client_id,
    username: token.username ?? null,
    groups: Object.freeze(toCallerGroups(poolGroups, tenantRole)),
    scopes: Object.freeze(token.scope === '' ? [] : token.scope.split(' ')),
    tenantId,
    tenantRole,
    membershipVersion: token.membership_version ?? null,
    sessionId: isMachine ? null : (token.origin_jti ?? null),
    authenticatedAt: token.auth_time === undefined ? null : new Date(token.auth_time * 1000),
    expiresAt: new Date(token.exp * 1000),
    mfa: !isMachine && isMfaProven(token, mfaRequiredSince),
    claims: deepFreeze(claims),
  });
}

// A session is ended by `origin_jti`, all sessions of a user by `auth_time`: a token without them could not be ended.
function assertUser({ sub, username, origin_jti, auth_time }: AccessTokenClaims): void {
  if (Id.safeParse(sub).data !== sub) throw new InvalidTokenError('sub: not a user id of Cognito');
  if (username === undefined) throw new InvalidTokenError('username: missing from a user token');
  if (origin_jti === undefined) throw new InvalidTokenError('origin_jti: missing from a user token');
  if (auth_time === undefined) throw new InvalidTokenError('auth_time: missing from a user token');
}

// RFC 8176 §2. Cognito says what a sign-in proved only to who asked for it, so a missing claim says nothing.
function isMfaProven({ amr = [], auth_time }: AccessTokenClaims, requiredSince: Date | null): boolean {
  if (amr.includes('mfa')) return true;
  return requiredSince !== null && auth_time !== undefined && auth_time * 1000 >= requiredSince.getTime();
}

function toTenantId(claims: Readonly<Record<string, unknown>>, tenantClaim: string): string | null {
  const stamped = claims[tenantClaim];
  const mirrored = claims['custom:tenant_id'];
  if (stamped !== undefined && mirrored !== undefined && stamped !== mirrored) {
    throw new InvalidTokenError(`${tenantClaim}: differs from custom:tenant_id`);
  }
  return stamped === undefined ? null : readAs(Id, tenantClaim, stamped);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
