import { notFound } from '../../errors.ts';
import type { AppClient } from '../../generated/prisma/client.ts';
import type { Transaction } from '../../store/database.ts';
import type { DomainContext } from '../context.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { assertStillMember } from '../membership/index.ts';

/**
 * The machine client a verb is about to change, for a caller who still is what the token says. Throws NOT_FOUND, FORBIDDEN,
 * TENANT_SUSPENDED.
 */
export async function openMachineClient(
  tx: Transaction,
  ctx: DomainContext,
  tenantId: string,
  clientId: string,
): Promise<AppClient> {
  await lockActiveTenant(tx, tenantId, 'share');
  await assertStillMember(tx, ctx, tenantId);
  const client = await tx.appClient.findFirst({ where: { tenantId, clientId, kind: 'MACHINE', endedAt: null } });
  if (client === null) throw notFound(`machine client ${clientId}: none in tenant ${tenantId}`);
  return client;
}
