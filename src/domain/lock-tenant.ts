import { AppError, notFound } from '../errors.ts';
import type { TenantStatus } from '../generated/prisma/enums.ts';
import type { Transaction } from '../store/database.ts';

type Mode = 'share' | 'update';

/**
 * Holds the tenant as it is until the transaction ends, whatever its state. `share`: others may hold it too, nobody may
 * change it. `update`: whoever else would hold it waits. Throws NOT_FOUND.
 */
export async function lockTenant(tx: Transaction, tenantId: string, mode: Mode): Promise<TenantStatus> {
  const [tenant] = await tx.$queryRawUnsafe<{ readonly status: TenantStatus }[]>(
    `select status from tenants where id = $1::uuid for ${mode}`,
    tenantId,
  );
  if (tenant === undefined) throw notFound(`tenant ${tenantId}: gone`);
  return tenant.status;
}

/** The same for one that is in use. Throws NOT_FOUND, TENANT_SUSPENDED. */
export async function lockActiveTenant(tx: Transaction, tenantId: string, mode: Mode): Promise<void> {
  const status = await lockTenant(tx, tenantId, mode);
  if (status === 'SUSPENDED') throw new AppError('TENANT_SUSPENDED', 'This tenant is suspended.');
  if (status === 'DELETING') throw new AppError('TENANT_SUSPENDED', 'This tenant is being deleted.');
}
