import { AppError } from '../errors.ts';
import type { TokenOutcome } from '../observability/metrics.ts';
import { toPrincipal } from './claims.ts';
import type { ClientRegistry } from './client-registry.ts';
import { readCompactToken } from './compact-token.ts';
import type { Cutoffs } from './cutoffs.ts';
import { InvalidTokenError } from './invalid-token.ts';
import { toIssuers } from './issuers.ts';
import type { KeySet } from './key-set.ts';
import type { Principal } from './principal.ts';
import { createSignatureCheck } from './signature-check.ts';
import { toRefusal } from './to-refusal.ts';
import { createTokenCache } from './token-cache.ts';

export type TokenVerifierOptions = {
  /** Compared with `iss`, in both forms Cognito uses for a pool. */
  readonly userPoolId: string;
  readonly keySet: Pick<KeySet, 'cache' | 'find' | 'get'>;
  /** Compared with `client_id`, and its bound tenant with the token's. */
  readonly clients: ClientRegistry;
  /** Sessions and users whose tokens have ended. */
  readonly cutoffs: Pick<Cutoffs, 'findEnd'>;
  /** Milliseconds since `auth_time` after which a sign-in is over, however often it was refreshed. */
  readonly sessionMaxMs: number;
  /** Name of the claim that holds the tenant. */
  readonly tenantClaim: string;
  /** Compared with `auth_time`: from then on every sign-in proves a second factor. Null: `amr` alone proves one. */
  readonly mfaRequiredSince?: Date | null;
  /** Characters of the longest token that is looked at. */
  readonly maxTokenLength: number;
  /** Told how each call of `verify` ended. */
  readonly onOutcome?: (outcome: TokenOutcome) => void;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly clock?: () => number;
};

export type TokenVerifier = {
  /** The Principal of a Cognito access token. Throws InvalidTokenError, or AppError SERVICE_UNAVAILABLE without keys. */
  verify(token: string): Promise<Principal>;
  /** True when `verify` would answer from memory: this very token was verified before and is still good. */
  isKnown(token: string): boolean;
};

/**
 * Verifies each token once and remembers it; a repeated token is asked only what can have changed since: its expiry, its
 * key, its client, and whether its session or its user was signed out. What a first token must pass: a strict form (compact-token.ts), the pool's issuer, claims that say one
 * thing and say it plainly (claims.ts), a key of the pool, and last the signature and all else that aws-jwt-verify looks at.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { keySet, tenantClaim, mfaRequiredSince, maxTokenLength } = options;
  const { clock = Date.now, onOutcome = () => {} } = options;
  const verifySignature = createSignatureCheck({ ...options, tokenUse: 'access' });
  const cache = createTokenCache();
  const issuers: readonly unknown[] = toIssuers(options.userPoolId);

  const findKnown = (token: string): Principal | undefined => {
    const known = token.length > maxTokenLength ? undefined : cache.get(token);
    return known !== undefined && keySet.find(known.keyId)?.n === known.modulus ? known.principal : undefined;
  };
  const assertGood = (principal: Principal): void => {
    const fault = findFault(principal, options, clock());
    if (fault !== null) throw new InvalidTokenError(fault);
  };
  const verifyFirst = async (token: string): Promise<Principal> => {
    if (token.length > maxTokenLength) throw new InvalidTokenError('token: too long');
    const { keyId, claims } = readCompactToken(token);
    // All that is cheap comes before the signature, and before a key is asked for.
    if (!issuers.includes(claims['iss'])) throw new InvalidTokenError('iss: not the user pool');
    const principal = toPrincipal(claims, tenantClaim, clock(), mfaRequiredSince);
    assertGood(principal);
    // Found by aws-jwt-verify as well, but only after it has read the whole token once more.
    await keySet.get(keyId);
    cache.set(token, { principal, keyId, modulus: await verifySignature(token) });
    return principal;
  };
  const verify = async (token: string): Promise<Principal> => {
    const known = findKnown(token);
    if (known) assertGood(known);
    const principal = known ?? (await verifyFirst(token));
    onOutcome(known ? 'cached' : 'verified');
    return principal;
  };

  return {
    verify: (token) =>
      verify(token).catch((error: unknown) => {
        const refusal = toRefusal(error);
        onOutcome(refusal instanceof AppError ? 'unavailable' : 'refused');
        throw refusal;
      }),
    isKnown: (token) => {
      const known = findKnown(token);
      return known !== undefined && findFault(known, options, clock()) === null;
    },
  };
}

/** What has become wrong with a token that was good once; null while nothing has. */
function findFault(
  principal: Principal,
  { clients, cutoffs, sessionMaxMs }: Pick<TokenVerifierOptions, 'clients' | 'cutoffs' | 'sessionMaxMs'>,
  now: number,
): string | null {
  const { kind, expiresAt, authenticatedAt, clientId, tenantId } = principal;
  // RFC 7519 §4.1.4: the current time must be before the expiry.
  if (now >= expiresAt.getTime()) return 'exp: past';
  // What ended a session is remembered no longer than one can last.
  if (kind === 'USER' && authenticatedAt !== null && now - authenticatedAt.getTime() > sessionMaxMs) {
    return 'auth_time: longer ago than a session lasts';
  }
  const client = clients.find(clientId);
  if (client === undefined) return 'client_id: not an accepted app client';
  const isBound = client.tenantId !== null && client.tenantId !== tenantId;
  return isBound ? 'client_id: bound to another tenant than the token names' : cutoffs.findEnd(principal);
}
