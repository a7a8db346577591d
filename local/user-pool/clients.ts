import { LOCAL_POOL } from './constants.ts';
import { type CognitoError, invalidParameter, notAuthorized, resourceNotFound } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Client } from './state/state.ts';

const PASSWORD_FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'];
const REFRESH_FLOW = 'ALLOW_REFRESH_TOKEN_AUTH';

/** The app client that is there from the start: people sign in through it, and it has no secret. */
export function createOwnClient({ refreshRotation = false }: { readonly refreshRotation?: boolean }): Client {
  return {
    id: LOCAL_POOL.clientId,
    name: 'tenantry-local',
    secrets: [],
    // With rotation on, Cognito takes this flow away.
    authFlows: refreshRotation ? PASSWORD_FLOWS : [...PASSWORD_FLOWS, REFRESH_FLOW],
    oauthFlows: [],
    oauthScopes: [],
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
