import { z } from 'zod';
import { conflict } from '../../errors.ts';
import type { Transaction } from '../../store/database.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { parse } from '../parse.ts';
import { getTenant } from './get-tenant.ts';
import { openTenant, scopeToChange } from './open-tenant.ts';
import type { Tenant } from './tenant.ts';
import { tenantEvent } from './tenant-event.ts';

const ResumeTenant = z.object({ tenantId: z.string() });

/**
 * Opens a tenant that was suspended, or takes back its deletion in its time of grace. Throws NOT_FOUND, CONFLICT (too
 * late, or nobody owns it any more).
 */
export async function resumeTenant(ctx: DomainContext, raw: z.input<typeof ResumeTenant>): Promise<Tenant> {
  authorize(ctx, 'resumeTenant');
  const scope = scopeToChange(ctx, parse(ResumeTenant, raw).tenantId);
  await ctx.database.transaction(scope, async (tx) => {
    const { status, purgeAfter } = await openTenant(tx, ctx, scope.tenantId);
    if (status === 'ACTIVE') return;
    if (purgeAfter !== null && purgeAfter <= new Date()) throw conflict('This tenant is being removed by now.');
    await assertOwned(tx, scope.tenantId);
    await tx.tenant.updateMany({ where: { id: scope.tenantId }, data: { status: 'ACTIVE', purgeAfter: null } });
    await audit(tx, ctx, tenantEvent('tenant.resume', scope.tenantId, { status: [status, 'ACTIVE'] }));
  });
  return getTenant(ctx, scope.tenantId);
}

// Of one that is being deleted the last owner may delete his account; nobody could do anything in it.
async function assertOwned(tx: Transaction, tenantId: string): Promise<void> {
  const owners = await tx.membership.count({ where: { tenantId, role: 'OWNER' } });
  if (owners === 0) throw conflict('Nobody owns this tenant any more.');
}
