import { z } from 'zod';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { parse } from '../parse.ts';
import { getMachineClient } from './get-machine-client.ts';
import { ClientId, type MachineClientSecret } from './machine-client.ts';
import { machineClientEvent } from './machine-client-event.ts';
import { openMachineClient } from './open-machine-client.ts';
import { takeBack } from './take-back.ts';

const RotateMachineClientSecret = z.object({ id: ClientId });

/**
 * Adds a second secret and tells it. The first stays good until it is retired, however long the change-over takes; while
 * there are two, none is taken away for a third. Throws NOT_FOUND, CONFLICT (there are two), FORBIDDEN, TENANT_SUSPENDED,
 * SERVICE_UNAVAILABLE.
 */
export async function rotateMachineClientSecret(ctx: DomainContext, raw: unknown): Promise<MachineClientSecret> {
  authorize(ctx, 'rotateMachineClientSecret');
  const { id } = parse(RotateMachineClientSecret, raw);
  const scope = tenantScope(ctx);
  const machineClient = await getMachineClient(ctx, id);
  const { secretId, clientSecret } = await ctx.userPool.addClientSecret(id);
  try {
    await ctx.database.transaction(scope, async (tx) => {
      await openMachineClient(tx, ctx, scope.tenantId, id);
      await audit(tx, ctx, machineClientEvent('rotate-secret', scope.tenantId, id, { added: secretId }));
    });
  } catch (error) {
    await takeBack(ctx, () => ctx.userPool.deleteClientSecret(id, secretId));
    throw error;
  }
  return { machineClient, clientSecret };
}
