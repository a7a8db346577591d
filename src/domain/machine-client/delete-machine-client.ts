import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { parse } from '../parse.ts';
import { getMachineClient } from './get-machine-client.ts';
import { ClientId, type MachineClient } from './machine-client.ts';
import { machineClientEvent } from './machine-client-event.ts';
import { openMachineClient } from './open-machine-client.ts';
import { takeBack } from './take-back.ts';

const DeleteMachineClient = z.object({ id: ClientId });

/**
 * Ends a machine client and with it every token it holds: here at once, on other nodes as soon as they hear. Only then the
 * pool is asked to forget it; where that fails, the trigger lets it have no token. Returns the client as it was. Throws
 * NOT_FOUND, FORBIDDEN, TENANT_SUSPENDED.
 */
export async function deleteMachineClient(ctx: DomainContext, raw: unknown): Promise<MachineClient> {
  authorize(ctx, 'deleteMachineClient');
  const { id } = parse(DeleteMachineClient, raw);
  const scope = tenantScope(ctx);
  const machineClient = await getMachineClient(ctx, id);
  await ctx.database.transaction(scope, async (tx) => {
    const client = await openMachineClient(tx, ctx, scope.tenantId, id);
    const where = { tenantId: scope.tenantId, clientId: client.clientId, endedAt: null };
    const { count } = await tx.appClient.updateMany({ where, data: { endedAt: new Date() } });
    if (count === 0) throw notFound(`machine client ${id}: ended by another request`);
    await audit(tx, ctx, machineClientEvent('delete', scope.tenantId, id, { scopes: client.scopes }));
  });
  await takeBack(ctx, () => ctx.userPool.deleteClient(id));
  return machineClient;
}
