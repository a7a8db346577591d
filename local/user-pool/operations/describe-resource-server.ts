import { z } from 'zod';
import { toResourceServerType } from '../client-views.ts';
import { adminOperation } from '../operation.ts';
import { getResourceServer } from '../resource-servers.ts';

const Input = z.object({ UserPoolId: z.string(), Identifier: z.string() });

export const describeResourceServer = adminOperation(Input, (pool, { Identifier }) => ({
  ResourceServer: toResourceServerType(getResourceServer(pool, Identifier)),
}));
