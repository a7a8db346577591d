import { LOCAL_POOL } from './constants.ts';
import { type CognitoError, invalidParameter, notAuthorized, resourceNotFound } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Client } from './state/state.ts';

const PASSWORD_FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'];
export const REFRESH_FLOW = 'ALLOW_REFRESH_TOKEN_AUTH';

/** How the app client that is there from the start behaves. */
export type OwnClientOptions = {
  /** Whether it rotates refresh tokens. Default false, as in Cognito. */
  readonly refreshRotation?: boolean;
  /** Seconds a refresh token still works after it was rotated out, 0 to 60. Default 0. */
  readonly refreshGraceSeconds?: number;
  /** Where the hosted page may send a browser with a code. Default none. */
  readonly callbackUrls?: readonly string[];
  /** Where `/logout` may send it. Default none. */
  readonly logoutUrls?: readonly string[];
};

/** The app client that is there from the start: people sign in through it, and it has no secret. */
export function createOwnClient(options: OwnClientOptions): Client {
  const { refreshRotation = false, refreshGraceSeconds = 0, callbackUrls = [], logoutUrls = [] } = options;
  return {
    id: LOCAL_POOL.clientId,
    name: 'tenantry-local',
    secrets: [],
    // With rotation on, Cognito takes this flow away.
    authFlows: refreshRotation ? PASSWORD_FLOWS : [...PASSWORD_FLOWS, REFRESH_FLOW],
    oauthFlows: ['code'],
    oauthScopes: ['openid', 'email', 'profile', ...LOCAL_POOL.scopes],
    callbackUrls,
    logoutUrls,
    identityProviders: ['COGNITO'],
    rotation: { isEnabled: refreshRotation, graceSeconds: refreshGraceSeconds },
    createdAt: new Date(0).toISOString(),
  };
}

/** Throws ResourceNotFoundException. */
export function getClient(pool: Pool, id: string): Client {
  const client = pool.state.clients.get(id);
  if (!client) throw resourceNotFound(`User pool client ${id} does not exist.`);
  return client;
}

/** Throws NotAuthorizedException for a client with a secret. */
export function assertPublic({ id, secrets }: Client): void {
  if (secrets.length > 0) {
    throw notAuthorized(`Client ${id} is configured with secret but SECRET_HASH was not received`);
  }
}

/** Throws InvalidParameterException unless people may sign in through this client by `flow`. */
export function assertFlow({ authFlows }: Client, flow: string): void {
  const needed = flow === 'REFRESH_TOKEN' ? REFRESH_FLOW : `ALLOW_${flow}`;
  if (!authFlows.includes(needed)) throw flowNotEnabled(flow);
}

export function flowNotEnabled(flow: string): CognitoError {
  return invalidParameter(`${flow} flow not enabled for this client`);
}
