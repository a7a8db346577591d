import type { AuthorizationRequest } from '../pending.ts';
import type { Pool } from '../pool.ts';
import type { Client } from '../state/state.ts';
import { toLevels } from './authentication-levels.ts';
import { OAuthError } from './oauth-error.ts';
import { toParameters, toWords } from './parameters.ts';

/** Nothing says where to send the browser back to, so it stays here: RFC 6749 §4.1.2.1. */
export class UnknownReturnError extends Error {
  override readonly name = 'UnknownReturnError';
}

/** Where the browser goes back to, whatever becomes of the request. */
export type ReturnAddress = Pick<AuthorizationRequest, 'redirectUri' | 'state'>;

/** Throws UnknownReturnError unless a client of the hosted page names exactly one of its callback addresses. */
export function readReturnAddress(pool: Pool, search: string): ReturnAddress & { readonly client: Client } {
  const all = new URLSearchParams(search);
  const client = pool.state.clients.get(getOnly(all, 'client_id'));
  if (!client) throw new UnknownReturnError('No app client has this client_id.');
  const redirectUri = getOnly(all, 'redirect_uri');
  if (!client.callbackUrls.includes(redirectUri)) {
    throw new UnknownReturnError("The redirect_uri is none of the app client's CallbackURLs.");
  }
  if (!client.identityProviders.includes('COGNITO')) {
    throw new UnknownReturnError('Nobody can sign in through this app client: it has no SupportedIdentityProviders.');
  }
  return { client, redirectUri, state: all.get('state') };
}

function getOnly(all: URLSearchParams, name: string): string {
  const [value = '', ...more] = all.getAll(name);
  return more.length === 0 ? value : '';
}

/** The rest of an authorization request. Throws OAuthError, to be sent back to the client. */
export function readAuthorizationRequest(
  { client, redirectUri, state }: ReturnType<typeof readReturnAddress>,
  search: string,
): AuthorizationRequest {
  const all = toParameters(search);
  if (all.get('response_type') !== 'code') {
    throw new OAuthError(all.has('response_type') ? 'unsupported_response_type' : 'invalid_request');
  }
  if (!client.oauthFlows.includes('code')) throw new OAuthError('unauthorized_client');
  return {
    clientId: client.id,
    redirectUri,
    state,
    scopes: toScopes(client, all.get('scope')),
    nonce: all.get('nonce'),
    codeChallenge: toCodeChallenge(all),
    prompt: all.get('prompt'),
    maxAge: toMaxAge(all.get('max_age')),
    levels: toLevels(all.get('acr_values')),
  };
}

/** Without a scope in the request, every scope the client may have. */
function toScopes({ oauthScopes }: Client, requested: string | null): readonly string[] {
  const scopes = toWords(requested);
  if (scopes.some((scope) => !oauthScopes.includes(scope))) throw new OAuthError('invalid_scope');
  return scopes.length === 0 ? oauthScopes : scopes;
}

/** RFC 7636 §4.3. The method `plain` proves nothing to who reads the request, and Cognito does not take it. */
function toCodeChallenge(all: URLSearchParams): string | null {
  const challenge = all.get('code_challenge');
  if (challenge === null && !all.has('code_challenge_method')) return null;
  if (challenge === null || !/^[\w-]{43}$/u.test(challenge) || all.get('code_challenge_method') !== 'S256') {
    throw new OAuthError('invalid_request');
  }
  return challenge;
}

function toMaxAge(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,9}$/u.test(text)) throw new OAuthError('invalid_request');
  return Number(text);
}
