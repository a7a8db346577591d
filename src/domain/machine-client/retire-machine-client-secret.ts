import { z } from 'zod';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { parse } from '../parse.ts';
import { getMachineClient } from './get-machine-client.ts';
import { ClientId, type MachineClient } from './machine-client.ts';
import { machineClientEvent } from './machine-client-event.ts';
import { openMachineClient } from './open-machine-client.ts';

const RetireMachineClientSecret = z.object({ id: ClientId, keep: z.enum(['NEWEST', 'OLDEST']) });

/**
 * Ends the time in which two secrets are good: the kept one stays, the other gets no token any more. Written first and done
 * then, so that what was taken away is never without a word; may be repeated. Throws NOT_FOUND, FORBIDDEN,
 * TENANT_SUSPENDED, SERVICE_UNAVAILABLE.
 */
export async function retireMachineClientSecret(ctx: DomainContext, raw: unknown): Promise<MachineClient> {
  authorize(ctx, 'retireMachineClientSecret');
  const { id, keep } = parse(RetireMachineClientSecret, raw);
  const scope = tenantScope(ctx);
  const machineClient = await getMachineClient(ctx, id);
  const secrets = await ctx.userPool.listClientSecrets(id);
  const retired = keep === 'NEWEST' ? secrets.slice(0, -1) : secrets.slice(1);
  if (retired.length === 0) return machineClient;
  await ctx.database.transaction(scope, async (tx) => {
    await openMachineClient(tx, ctx, scope.tenantId, id);
    await audit(tx, ctx, machineClientEvent('retire-secret', scope.tenantId, id, { retired }));
  });
  for (const secretId of retired) await ctx.userPool.deleteClientSecret(id, secretId);
  return machineClient;
}
