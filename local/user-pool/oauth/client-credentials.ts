import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { StringMap } from '../attributes.ts';
import { applyToAccessToken } from '../claim-overrides.ts';
import { LOCAL_POOL } from '../constants.ts';
import type { Pool } from '../pool.ts';
import { signCompact } from '../signing-keys.ts';
import type { Client } from '../state/state.ts';
import { type ClientMetadata, preMachineTokenGeneration } from '../triggers/pre-token-generation.ts';
import { OAuthError } from './oauth-error.ts';

/**
 * The answer to a client_credentials grant, RFC 6749 §4.4: an access token alone. Throws OAuthError, and CognitoError
 * where the trigger refuses.
 */
export async function grantClientCredentials(pool: Pool, client: Client, form: URLSearchParams): Promise<object> {
  if (!client.oauthFlows.includes('client_credentials')) throw new OAuthError('unauthorized_client');
  const scopes = toScopes(client, form.get('scope'));
  const clientMetadata = toMetadata(form.get('aws_client_metadata'));
  const overrides = await preMachineTokenGeneration(pool, { clientId: client.id, scopes, clientMetadata });
  // The trigger takes its time, and the client may have been deleted meanwhile.
  if (!pool.state.clients.has(client.id)) throw new OAuthError('invalid_client');
  const { idTokenGeneration: _, groupOverrideDetails: __, ...ofMachine } = overrides ?? {};
  const claims = applyToAccessToken(toMachineClaims(pool, client, scopes), ofMachine);
  return {
    access_token: await signCompact(pool.state.keys.access, claims),
    expires_in: LOCAL_POOL.accessTokenSeconds,
    token_type: 'Bearer',
  };
}

/** Without a scope in the request, every scope the client may have. Throws OAuthError `invalid_scope`. */
function toScopes({ oauthScopes }: Client, requested: string | null): readonly string[] {
  const scopes = (requested ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.some((scope) => !oauthScopes.includes(scope))) throw new OAuthError('invalid_scope');
  return scopes.length === 0 ? oauthScopes : [...new Set(scopes)];
}

function toMetadata(text: string | null): ClientMetadata {
  if (text === null) return undefined;
  try {
    return StringMap.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) throw new OAuthError('invalid_request');
    throw cause;
  }
}

/** No `username`, no `origin_jti`: there is neither a user nor a session. */
function toMachineClaims(pool: Pool, { id }: Client, scopes: readonly string[]) {
  const now = Math.floor(pool.clock().getTime() / 1000);
  return {
    sub: id,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: now,
    iss: LOCAL_POOL.issuer,
    exp: now + LOCAL_POOL.accessTokenSeconds,
    iat: now,
    version: 2,
    jti: randomUUID(),
    client_id: id,
  };
}
