import type { TokenClient } from '../domain/machine-client/index.ts';
import { AppError } from '../errors.ts';
import type { TriggerContext } from './context.ts';
import { respond, type TriggerEvent } from './event.ts';

/**
 * Stamps the tenant of the client itself, whatever its metadata says, and nothing else: a machine has scopes, no groups and
 * no role. A client without a tenant gets none; its token is left as it was. Throws TENANT_SUSPENDED.
 */
export function stampMachine(
  { settings }: Pick<TriggerContext, 'settings'>,
  event: TriggerEvent,
  client: TokenClient | null,
): TriggerEvent {
  if (client === null || client.tenantId === null) return event;
  if (client.tenantStatus !== 'ACTIVE') throw new AppError('TENANT_SUSPENDED', 'This tenant is suspended.');
  const claims = { [settings.tenantClaim]: client.tenantId };
  return respond(event, {
    claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: claims } },
  });
}
