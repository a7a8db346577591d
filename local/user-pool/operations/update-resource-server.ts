import { toResourceServerType } from '../client-views.ts';
import { adminOperation } from '../operation.ts';
import { getResourceServer, putResourceServer, ResourceServerInput } from '../resource-servers.ts';

/** Replaces all of it: a scope left out is gone. */
export const updateResourceServer = adminOperation(ResourceServerInput, (pool, input) => {
  getResourceServer(pool, input.Identifier);
  return { ResourceServer: toResourceServerType(putResourceServer(pool, input)) };
});
