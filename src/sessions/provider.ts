import * as oidc from 'openid-client';
import { unavailable } from '../errors.ts';
import type { Tokens } from './tokens.ts';

export type ProviderOptions = {
  /** The pool as `iss` names it; its discovery document is below it. OpenID Connect Discovery 1.0 §4. */
  readonly issuer: string;
  /** Where a stand-in answers for the issuer; null for Cognito itself. */
  readonly localEndpoint: string | null;
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecret: string | null;
};

/** What a sign-in must prove beside the password. RFC 9470 §4. */
export type Demands = {
  /** Seconds since the last one at most; null for any. */
  readonly maxAgeSeconds: number | null;
  readonly mfa: boolean;
};

/** What the browser must bring back, or the answer is not to a question of its own. */
export type Secrets = { readonly state: string; readonly nonce: string; readonly verifier: string };

/** The pool as an OpenID provider. Each throws SERVICE_UNAVAILABLE when it cannot be asked. */
export type Provider = {
  begin(redirectUri: string, demands: Demands): Promise<{ readonly url: URL; readonly secrets: Secrets }>;
  /** Trades the code in `address` for tokens. Throws SignInError when the pool or the answer says no. */
  complete(address: URL, secrets: Secrets, maxAgeSeconds: number | null): Promise<Tokens>;
  /** RFC 7009: the refresh token, and what came of it. */
  revoke(refreshToken: string): Promise<void>;
  /** https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html, which is not OpenID Connect's. */
  toLogoutUrl(returnTo: string): Promise<URL>;
};

/** A sign-in that came to nothing. The message is for the log. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

const SCOPE = 'openid email profile aws.cognito.signin.user.admin';
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html: two factors.
const TWO_FACTORS = 'urn:cognito:loa:4 urn:cognito:loa:3';
const TIMEOUT_SECONDS = 3;

export function createProvider(options: ProviderOptions): Provider {
  const { clientId } = options;
  let known: Promise<oidc.Configuration> | null = null;
  const discover = () => {
    known ??= openConfiguration(options).catch((cause: unknown) => {
      known = null;
      throw unavailable('openid-configuration: could not be had', cause);
    });
    return known;
  };
  return {
    begin: async (redirectUri, { maxAgeSeconds, mfa }) => {
      const secrets = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
      const url = oidc.buildAuthorizationUrl(await discover(), {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
        ...(maxAgeSeconds !== null && { max_age: String(maxAgeSeconds) }),
        ...(mfa && { acr_values: TWO_FACTORS }),
      });
      return { url, secrets };
    },
    complete: async (address, { state, nonce, verifier }, maxAgeSeconds) => {
      const config = await discover();
      const checks = {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        ...(maxAgeSeconds !== null && { maxAge: maxAgeSeconds }),
      };
      const answer = await oidc.authorizationCodeGrant(config, address, checks).catch(rethrow);
      const { access_token: access, id_token: id, refresh_token: refresh } = answer;
      if (id === undefined || refresh === undefined) throw new SignInError('token endpoint: gave no refresh token');
      return { access, id, refresh };
    },
    revoke: async (refreshToken) => {
      await oidc.tokenRevocation(await discover(), refreshToken).catch(rethrow);
    },
    toLogoutUrl: async (returnTo) => {
      const { end_session_endpoint: endpoint, authorization_endpoint: page = '' } = (await discover()).serverMetadata();
      const url = new URL(endpoint ?? new URL('/logout', page));
      url.search = String(new URLSearchParams({ client_id: clientId, logout_uri: returnTo }));
      return url;
    },
  };
}

function openConfiguration({ issuer, localEndpoint, clientId, clientSecret }: ProviderOptions) {
  const authentication = clientSecret === null ? oidc.None() : oidc.ClientSecretBasic(clientSecret);
  const base = { timeout: TIMEOUT_SECONDS };
  if (localEndpoint === null) return oidc.discovery(new URL(issuer), clientId, undefined, authentication, base);
  // Only the document's own address is under the issuer's name: those in it are the stand-in's.
  const { origin } = new URL(issuer);
  return oidc.discovery(new URL(issuer), clientId, undefined, authentication, {
    ...base,
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: (url, init) => fetch(url.replace(origin, localEndpoint), init as RequestInit),
  });
}

// What the provider says no to is final; all else may go better a second time.
function rethrow(error: unknown): never {
  const isAnswer = error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError;
  if (isAnswer) throw new SignInError(`provider: ${error.error}`);
  if (error instanceof oidc.ClientError && !isUnreachable(error)) throw new SignInError(`provider: ${error.code}`);
  throw unavailable('provider: could not be asked', error);
}

function isUnreachable({ code, cause }: oidc.ClientError): boolean {
  return code === 'OAUTH_TIMEOUT' || (cause instanceof Response && cause.status >= 500);
}
