import { z } from 'zod';
import { assertTimes, COMMON_CLAIMS } from './access-token.ts';
import { readCompactToken } from './compact-token.ts';
import { roleOfGroups, toCallerGroups } from './groups.ts';
import { InvalidTokenError, readAs } from './invalid-token.ts';
import { toIssuers } from './issuers.ts';
import type { KeySet } from './key-set.ts';
import type { Principal } from './principal.ts';
import { createSignatureCheck } from './signature-check.ts';
import { toRefusal } from './to-refusal.ts';

export type IdTokenVerifierOptions = {
  /** Compared with `iss`, in both forms Cognito uses for a pool. */
  readonly userPoolId: string;
  readonly keySet: Pick<KeySet, 'cache' | 'get'>;
  /** Name of the claim that holds the tenant. */
  readonly tenantClaim: string;
  /** Characters of the longest token that is looked at. */
  readonly maxTokenLength: number;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly clock?: () => number;
};

export type IdTokenVerifier = {
  /**
   * Throws InvalidTokenError unless this is a good ID token that says of its user what the caller's access token says: of the
   * same sign-in, by the same client, for the same tenant and place in it. Throws AppError SERVICE_UNAVAILABLE without keys.
   */
  verify(token: string, caller: Principal): Promise<void>;
};

/**
 * The claims of a Cognito ID token that are read; the others pass.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
 */
const IdTokenClaims = z.looseObject({
  ...COMMON_CLAIMS,
  token_use: z.literal('id'),
  aud: z.string(),
  origin_jti: COMMON_CLAIMS.origin_jti.unwrap(),
  auth_time: COMMON_CLAIMS.auth_time.unwrap(),
});

type IdTokenClaims = z.infer<typeof IdTokenClaims>;

/** ID tokens, read as strictly as access tokens are. None is remembered: each is seen once in a long while. */
export function createIdTokenVerifier(options: IdTokenVerifierOptions): IdTokenVerifier {
  const { userPoolId, keySet, tenantClaim, maxTokenLength, clock = Date.now } = options;
  const verifySignature = createSignatureCheck({ userPoolId, keySet, tokenUse: 'id' });
  const issuers: readonly unknown[] = toIssuers(userPoolId);

  const verify = async (token: string, caller: Principal): Promise<void> => {
    if (token.length > maxTokenLength) throw new InvalidTokenError('token: too long');
    const { keyId, claims } = readCompactToken(token);
    if (!issuers.includes(claims['iss'])) throw new InvalidTokenError('iss: not the user pool');
    const idToken = readAs(IdTokenClaims, 'claims', claims);
    assertTimes(idToken, clock() / 1000);
    // RFC 7519 §4.1.4: the current time must be before the expiry.
    if (clock() >= idToken.exp * 1000) throw new InvalidTokenError('exp: past');
    assertSameSignIn(idToken, caller);
    assertSamePlace(idToken, claims[tenantClaim], caller);
    await keySet.get(keyId);
    await verifySignature(token);
  };
  return {
    verify: (token, caller) =>
      verify(token, caller).catch((error: unknown) => {
        throw toRefusal(error);
      }),
  };
}

function assertSameSignIn({ sub, aud, origin_jti }: IdTokenClaims, caller: Principal): void {
  if (caller.kind !== 'USER' || sub !== caller.subject) throw new InvalidTokenError("sub: not the caller's");
  // ID tokens carry `aud` where access tokens carry `client_id`.
  if (aud !== caller.clientId) throw new InvalidTokenError("aud: not the caller's client");
  if (origin_jti !== caller.sessionId) throw new InvalidTokenError("origin_jti: not the caller's session");
}

/**
 * An identity pool knows the ID token alone, and takes one for as long as it lasts. One of before a switch of tenants or a
 * change of role would bring back what the caller's access token does not say any more: principal tags are made of its
 * claims, and the role at AWS may go by its groups.
 */
function assertSamePlace(idToken: IdTokenClaims, tenant: unknown, caller: Principal): void {
  if (tenant !== caller.tenantId) throw new InvalidTokenError("tenant: not the caller's");
  const poolGroups = idToken['cognito:groups'] ?? [];
  const role = idToken.tenant_role ?? roleOfGroups(poolGroups);
  if (role !== caller.tenantRole) throw new InvalidTokenError("tenant_role: not the caller's");
  const version = idToken.membership_version ?? null;
  if (version !== caller.membershipVersion) throw new InvalidTokenError("membership_version: not the caller's");
  const isSameGroups = isSameSet(toCallerGroups(poolGroups, role), caller.groups);
  if (!isSameGroups) throw new InvalidTokenError("cognito:groups: not the caller's");
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.every((one) => others.includes(one)) && others.every((one) => some.includes(one));
}
