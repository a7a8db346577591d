import {
  type CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  GetTokensFromRefreshTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { unavailable } from '../errors.ts';
import { persist } from './persist.ts';

export type RefreshRequest = {
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecret: string | null;
  readonly refreshToken: string;
  /** What the pre token generation trigger is told. */
  readonly metadata: Readonly<Record<string, string>>;
};

export type RefreshedTokens = {
  readonly access: string;
  readonly id: string;
  /** Another where the app client rotates them. */
  readonly refresh: string;
};

/** What a user's own client asks of the pool. */
export type TokenRefresh = {
  /** Null when the pool will not: the sign-in is over there. Throws SERVICE_UNAVAILABLE when it cannot be asked. */
  refreshTokens(request: RefreshRequest): Promise<RefreshedTokens | null>;
};

const ATTEMPTS = 2;

// What Cognito says of a token that is spent or revoked, of a user who is gone or disabled, and for a trigger that says no.
const REFUSALS: readonly string[] = [
  'NotAuthorizedException',
  'RefreshTokenReuseException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
  'UserLambdaValidationException',
];

/**
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html. Not in
 * turn with the rest: its quota is another, and a request waits for it.
 */
export function createTokenRefresh(client: CognitoIdentityProviderClient): TokenRefresh {
  return {
    refreshTokens: async ({ clientId, clientSecret, refreshToken, metadata }) => {
      const command = new GetTokensFromRefreshTokenCommand({
        ClientId: clientId,
        ...(clientSecret !== null && { ClientSecret: clientSecret }),
        RefreshToken: refreshToken,
        ClientMetadata: metadata,
      });
      try {
        const { AuthenticationResult: result } = await persist(ATTEMPTS, () => client.send(command));
        const { AccessToken: access, IdToken: id, RefreshToken: refresh = refreshToken } = result ?? {};
        if (access === undefined || id === undefined) throw new Error('the pool refreshed without tokens');
        return { access, id, refresh };
      } catch (error) {
        if (isRefusal(error)) return null;
        throw unavailable('user pool: tokens could not be refreshed', error);
      }
    },
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof CognitoIdentityProviderServiceException && REFUSALS.includes(error.name);
}
