import { z } from 'zod';

const TokenChanges = z.object({
  claimsToAddOrOverride: z.record(z.string(), z.json()).nullish(),
  claimsToSuppress: z.array(z.string()).nullish(),
});

const AccessTokenChanges = TokenChanges.extend({
  scopesToAdd: z.array(z.string()).nullish(),
  scopesToSuppress: z.array(z.string()).nullish(),
});

/** `claimsAndScopeOverrideDetails` of a V3_0 pre token generation answer. */
export const ClaimsAndScopeOverrides = z
  .object({
    idTokenGeneration: TokenChanges.nullish(),
    accessTokenGeneration: AccessTokenChanges.nullish(),
    groupOverrideDetails: z.object({ groupsToOverride: z.array(z.string()).nullish() }).nullish(),
  })
  .nullish();

export type ClaimsAndScopeOverrides = z.infer<typeof ClaimsAndScopeOverrides>;
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Claims no trigger can add, change or suppress: those the AWS developer guide lists under "Pre token generation Lambda
 * trigger", and the ones that have a field of their own in the answer (scopes, groups).
 */
const FIXED: ReadonlySet<string> = new Set(
  (
    'acr amr at_hash auth_time azp client_id device_key event_id exp iat identities iss jti nbf nonce origin_jti ' +
    'scope sub token_use username version'
  ).split(' '),
);

function isFixed(name: string): boolean {
  return FIXED.has(name) || name.startsWith('cognito:') || name.startsWith('dev:');
}

export function applyToIdToken(claims: Claims, overrides: ClaimsAndScopeOverrides): Claims {
  const { aud } = claims;
  return { ...applyClaims(withGroups(claims, overrides), overrides?.idTokenGeneration), aud };
}

/** `aud` may be added to an access token only as the app client's own id. */
export function applyToAccessToken(claims: Claims, overrides: ClaimsAndScopeOverrides): Claims {
  const changes = overrides?.accessTokenGeneration;
  const { aud, scope: granted, ...changed } = applyClaims(withGroups(claims, overrides), changes);
  const suppressed = new Set(changes?.scopesToSuppress);
  const scopes = [...String(granted).split(' '), ...(changes?.scopesToAdd ?? [])];
  const scope = [...new Set(scopes)].filter((one) => !suppressed.has(one)).join(' ');
  return { ...changed, ...(scope && { scope }), ...(aud === claims['client_id'] && { aud }) };
}

function applyClaims(claims: Claims, changes: z.infer<typeof TokenChanges> | null | undefined): Claims {
  const suppressed = new Set(changes?.claimsToSuppress?.filter((name) => !isFixed(name)));
  const kept = Object.entries(claims).filter(([name]) => !suppressed.has(name));
  const added = Object.entries(changes?.claimsToAddOrOverride ?? {}).filter(([name]) => !isFixed(name));
  return Object.fromEntries([...kept, ...added]);
}

/** An override replaces the pool's groups whole, with an empty list too; without groups the claim is absent. */
function withGroups(claims: Claims, overrides: ClaimsAndScopeOverrides): Claims {
  const groups = overrides?.groupOverrideDetails?.groupsToOverride;
  if (!groups) return claims;
  const { 'cognito:groups': _, ...rest } = claims;
  return groups.length === 0 ? rest : { ...rest, 'cognito:groups': groups };
}
