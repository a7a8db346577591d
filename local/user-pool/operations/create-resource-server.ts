import { toResourceServerType } from '../client-views.ts';
import { invalidParameter } from '../errors.ts';
import { adminOperation } from '../operation.ts';
import { putResourceServer, ResourceServerInput } from '../resource-servers.ts';

export const createResourceServer = adminOperation(ResourceServerInput, (pool, input) => {
  if (pool.state.resourceServers.has(input.Identifier)) {
    throw invalidParameter(`${input.Identifier} already exists in user pool.`);
  }
  return { ResourceServer: toResourceServerType(putResourceServer(pool, input)) };
});
