import type { Forge } from '../unit/identity/forge.ts';

type Claims = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The rules for a token with a good signature, written a second time and from the contract alone: what a header and claims
 * must be for a token to be let in at `now`, in seconds.
 */
export function isGood(forge: Forge, header: Claims, claims: Claims, now: number): boolean {
  return isGoodHeader(forge, header) && isPlain(claims, 1) && isFromPool(forge, claims, now) && isCaller(claims);
}

function isGoodHeader({ jwks }: Forge, { alg, kid, typ, ...rest }: Claims): boolean {
  const isKnown = jwks.keys.some((key) => key.kid === kid);
  return alg === 'RS256' && isKnown && (typ === undefined || typ === 'JWT') && Object.keys(rest).length === 0;
}

function isFromPool({ issuer, clientId }: Forge, claims: Claims, now: number): boolean {
  const { iss, aud, exp, iat, nbf = 0, auth_time = 0 } = claims;
  if (iss !== issuer && iss !== issuer.replace('//', '//issuer-')) return false;
  if (claims['token_use'] !== 'access' || claims['client_id'] !== clientId) return false;
  if (aud !== undefined && ![aud].flat().every((one) => typeof one === 'string')) return false;
  if (!isSeconds(exp) || !isSeconds(iat) || !isSeconds(nbf) || !isSeconds(auth_time)) return false;
  return exp > now && exp > iat && exp <= iat + 86_400 && nbf <= now && Math.max(iat, auth_time) <= now + 60;
}

function isCaller(claims: Claims): boolean {
  const { sub, client_id, username, origin_jti, jti = 'x', scope = '', amr = [] } = claims;
  const { 'cognito:groups': groups = [], membership_version = 0, tenant_role = 'MEMBER' } = claims;
  const isMachine = username === undefined && sub === client_id;
  if (!isMachine && !(UUID.test(String(sub)) && isText(sub, 128) && isText(username, 256))) return false;
  if (!isMachine && (origin_jti === undefined || claims['auth_time'] === undefined)) return false;
  if (origin_jti !== undefined && !isText(origin_jti, 128)) return false;
  if (!isText(jti, 128) || !isNames(groups) || !isNames(amr) || !isSeconds(membership_version)) return false;
  if (typeof scope !== 'string' || (scope !== '' && !scope.split(' ').every((one) => SCOPE_TOKEN.test(one))))
    return false;
  return (
    ['OWNER', 'ADMIN', 'MEMBER'].includes(String(tenant_role)) && typeof tenant_role === 'string' && isTenant(claims)
  );
}

function isTenant({ tenant_id: stamped, 'custom:tenant_id': mirrored }: Claims): boolean {
  if (stamped === undefined) return true;
  return (
    typeof stamped === 'string' && UUID.test(stamped.toLowerCase()) && (mirrored === undefined || mirrored === stamped)
  );
}

/** What a text says when it is JSON and says each key once; null when not. */
export function readOnce(text: string): Claims | null {
  try {
    const value: unknown = JSON.parse(text);
    const keys = text.match(/"(?:[^"\\]|\\.)*"\s*:/g) ?? [];
    return isObject(value) && keys.length === countKeys(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  return members.reduce((sum, member) => sum + countKeys(member), Array.isArray(value) ? 0 : members.length);
}

function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  const members = Object.entries(value).flat();
  return depth <= 8 && !Object.hasOwn(value, '__proto__') && members.every((member) => isPlain(member, depth + 1));
}

function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= max;
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 100 && value.every((name) => isText(name, 128));
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
