import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { JwtBaseError } from 'aws-jwt-verify/error';
import { ZodError } from 'zod';
import { AppError } from '../errors.ts';
import { toPrincipal } from './claims.ts';
import type { ClientRegistry } from './client-registry.ts';
import { MAX_TOKEN_LENGTH, readCompactToken } from './compact-token.ts';
import type { KeySet } from './key-set.ts';
import type { Principal } from './principal.ts';
import { createTokenCache } from './token-cache.ts';

/** Not a credential. `message` says which rule failed, for the log alone: the answer never varies. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

export type TokenVerifierOptions = {
  /** Compared with `iss`, in both forms Cognito uses for a pool. */
  readonly userPoolId: string;
  readonly keySet: Pick<KeySet, 'cache' | 'find'>;
  /** Compared with `client_id`, and its bound tenant with the token's. */
  readonly clients: ClientRegistry;
  /** Name of the claim that holds the tenant. */
  readonly tenantClaim: string;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly clock?: () => number;
};

/** The Principal of a Cognito access token. Throws InvalidTokenError, or AppError SERVICE_UNAVAILABLE without keys. */
export type TokenVerifier = (token: string) => Promise<Principal>;

/**
 * Verifies each token once and remembers it; a repeated token is asked only what can have changed since: its expiry, its
 * key, its client. What a first token must pass: a strict form (compact-token.ts), signature, issuer and use by
 * aws-jwt-verify, and claims that say one thing and say it plainly (claims.ts).
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { keySet, clients, clock = Date.now } = options;
  const verifyOnce = createFirstVerification(options);
  const cache = createTokenCache();
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw new InvalidTokenError('token: too long');
    try {
      const known = cache.get(token);
      const isKnown = known !== undefined && keySet.find(known.keyId)?.n === known.modulus;
      const verified = isKnown ? known : await verifyOnce(token);
      if (!isKnown) cache.set(token, verified);
      assertAlive(verified.principal, clock());
      assertClient(verified.principal, clients);
      return verified.principal;
    } catch (error) {
      throw toTokenError(error);
    }
  };
}

function createFirstVerification({ userPoolId, keySet, tenantClaim, clock = Date.now }: TokenVerifierOptions) {
  // Access tokens carry `client_id` and no `aud`; which clients are good is asked of the registry each time.
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, tokenUse: 'access', clientId: null, graceSeconds: 0 },
    { jwksCache: keySet.cache },
  );
  return async (token: string) => {
    const { keyId, claims } = readCompactToken(token);
    await verifier.verify(token);
    // The strictly read claims, not those another parser gave: where the two could differ, the token was refused above.
    const principal = toPrincipal(claims, tenantClaim, clock());
    return { principal, keyId, modulus: keySet.find(keyId)?.n ?? '' };
  };
}

// RFC 7519 §4.1.4: the current time must be before the expiry.
function assertAlive({ expiresAt }: Principal, now: number): void {
  if (now >= expiresAt.getTime()) throw new InvalidTokenError('exp: past');
}

function assertClient(principal: Principal, clients: ClientRegistry): void {
  const client = clients.find(principal.clientId);
  if (client === undefined) throw new InvalidTokenError('client_id: not an accepted app client');
  if (client.tenantId !== null && client.tenantId !== principal.tenantId) {
    throw new InvalidTokenError('client_id: bound to another tenant than the token names');
  }
}

function toTokenError(error: unknown): Error {
  if (error instanceof AppError || error instanceof InvalidTokenError) return error;
  return new InvalidTokenError(describe(error), { cause: error });
}

function describe(error: unknown): string {
  if (error instanceof ZodError) {
    return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  }
  if (error instanceof JwtBaseError) return `aws-jwt-verify: ${error.constructor.name}`;
  return error instanceof Error ? error.message : String(error);
}
