import { AppError, notFound } from '../errors.ts';
import type { Transaction } from '../store/database.ts';

/**
 * Holds the tenant as it is until the transaction ends. `share`: others may hold it too, nobody may change it. `update`:
 * whoever else would hold it waits. Throws NOT_FOUND, TENANT_SUSPENDED.
 */
export async function lockTenant(tx: Transaction, tenantId: string, mode: 'share' | 'update'): Promise<void> {
  const [tenant] = await tx.$queryRawUnsafe<{ readonly status: string }[]>(
    `select status from tenants where id = $1::uuid for ${mode}`,
    tenantId,
  );
  if (tenant === undefined) throw notFound(`tenant ${tenantId}: gone`);
  if (tenant.status !== 'ACTIVE') throw new AppError('TENANT_SUSPENDED', 'This tenant is suspended.');
}
