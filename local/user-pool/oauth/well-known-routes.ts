import type { FastifyInstance } from 'fastify';
import { LOCAL_POOL } from '../constants.ts';
import type { ServerOptions } from '../server-options.ts';
import { toJwks } from '../signing-keys.ts';
import { ACR_VALUES } from './authentication-levels.ts';

/** The key set, and OpenID Connect Discovery §3. The issuer is a name of AWS; all addresses are this pool's own. */
export function addWellKnownRoutes(server: FastifyInstance, { pool }: ServerOptions): void {
  const base = `/${LOCAL_POOL.poolId}/.well-known`;
  server.get(`${base}/jwks.json`, () => toJwks(pool.state.keys));
  server.get(`${base}/openid-configuration`, (request) => toConfiguration(`http://${request.host}`, base));
}

function toConfiguration(origin: string, base: string): object {
  return {
    issuer: LOCAL_POOL.issuer,
    jwks_uri: `${origin}${base}/jwks.json`,
    authorization_endpoint: `${origin}/oauth2/authorize`,
    token_endpoint: `${origin}/oauth2/token`,
    userinfo_endpoint: `${origin}/oauth2/userInfo`,
    revocation_endpoint: `${origin}/oauth2/revoke`,
    end_session_endpoint: `${origin}/logout`,
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['public'],
    acr_values_supported: ACR_VALUES,
  };
}
