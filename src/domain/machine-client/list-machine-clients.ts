import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { IS_MACHINE_CLIENT, MACHINE_CLIENT_COLUMNS, type MachineClient } from './machine-client.ts';

const OF_TENANT = {
  name: 'list-machine-clients',
  text: `select ${MACHINE_CLIENT_COLUMNS} from app_clients c
    where c.tenant_id = $1 and ${IS_MACHINE_CLIENT} order by c.created_at, c.client_id`,
};

/** The machine clients of the caller's tenant, oldest first: all of them, for they are few. */
export async function listMachineClients(ctx: DomainContext): Promise<MachineClient[]> {
  authorize(ctx, 'listMachineClients');
  const scope = tenantScope(ctx);
  return ctx.database.query<MachineClient>(scope, OF_TENANT, [scope.tenantId]);
}
