import { notFound } from '../../errors.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { IS_MACHINE_CLIENT, MACHINE_CLIENT_COLUMNS, type MachineClient } from './machine-client.ts';

const BY_ID = {
  name: 'get-machine-client',
  text: `select ${MACHINE_CLIENT_COLUMNS} from app_clients c
    where c.tenant_id = $1 and c.client_id = $2 and ${IS_MACHINE_CLIENT}`,
};

/** One machine client of the caller's tenant. Throws NOT_FOUND, also for another tenant's and for one that was deleted. */
export async function getMachineClient(ctx: DomainContext, id: string): Promise<MachineClient> {
  authorize(ctx, 'listMachineClients');
  const scope = tenantScope(ctx);
  const [client] = await ctx.database.query<MachineClient>(scope, BY_ID, [scope.tenantId, id]);
  if (client === undefined) throw notFound(`machine client ${id}: none in tenant ${scope.tenantId}`);
  return client;
}
