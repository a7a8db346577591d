import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { JwksValidationError, JwtBaseError } from 'aws-jwt-verify/error';
import { ZodError } from 'zod';
import { unavailable } from '../errors.ts';
import { toPrincipal } from './claims.ts';
import type { ClientRegistry } from './client-registry.ts';
import type { KeySet } from './key-set.ts';
import type { Principal } from './principal.ts';

/** Not a credential. `message` says which rule failed, for the log alone: the answer never varies. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

export type TokenVerifierOptions = {
  /** Compared with `iss`, in both forms Cognito uses for a pool. */
  readonly userPoolId: string;
  readonly keySet: KeySet;
  /** Compared with `client_id`, and its bound tenant with the token's. */
  readonly clients: ClientRegistry;
  /** Name of the claim that holds the tenant. */
  readonly tenantClaim: string;
};

/** The Principal of a Cognito access token. Throws InvalidTokenError, or AppError SERVICE_UNAVAILABLE without keys. */
export type TokenVerifier = (token: string) => Promise<Principal>;

/** Longest bearer token looked at, in characters: contract of the API, far above what Cognito issues. */
const MAX_TOKEN_LENGTH = 8_192;

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  // Access tokens carry `client_id` and no `aud`; which clients are good is asked of the registry, below.
  const verifier = CognitoJwtVerifier.create(
    { userPoolId: options.userPoolId, tokenUse: 'access', clientId: null, graceSeconds: 0 },
    { jwksCache: options.keySet.cache },
  );
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw new InvalidTokenError('token: too long');
    const claims = await verifier.verify(token).catch(rethrow);
    try {
      const principal = toPrincipal(claims, options.tenantClaim);
      assertClient(principal, options.clients);
      return principal;
    } catch (error) {
      throw new InvalidTokenError(describe(error), { cause: error });
    }
  };
}

function assertClient(principal: Principal, clients: ClientRegistry): void {
  const client = clients.find(principal.clientId);
  if (client === undefined) throw new Error('client_id: not an accepted app client');
  if (client.tenantId !== null && client.tenantId !== principal.tenantId) {
    throw new Error('client_id: bound to another tenant than the token names');
  }
}

function rethrow(error: unknown): never {
  if (error instanceof JwtBaseError && !(error instanceof JwksValidationError))
    throw new InvalidTokenError(error.message, { cause: error });
  throw unavailable('key set: cannot be fetched', error);
}

function describe(error: unknown): string {
  if (error instanceof ZodError)
    return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return error instanceof Error ? error.message : String(error);
}
