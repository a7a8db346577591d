import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { parse } from '../parse.ts';
import { getTenant, openTenant, scopeToChange, type Tenant } from '../tenant/index.ts';
import { appClientEvent } from './app-client-event.ts';
import { AppClientId } from './app-client-id.ts';

const UnbindAppClient = z.object({ tenantId: z.string(), clientId: AppClientId });

/**
 * Accepts an app client no more: its tokens here at once, on other nodes as soon as they hear, and it gets no new ones.
 * One that is unbound already stays so. Throws NOT_FOUND.
 */
export async function unbindAppClient(ctx: DomainContext, raw: z.input<typeof UnbindAppClient>): Promise<Tenant> {
  authorize(ctx, 'unbindAppClient');
  const { tenantId: named, clientId } = parse(UnbindAppClient, raw);
  const scope = scopeToChange(ctx, named);
  const { tenantId } = scope;
  await ctx.database.transaction(scope, async (tx) => {
    await openTenant(tx, ctx, tenantId);
    const known = await tx.appClient.findFirst({ where: { tenantId, clientId, kind: 'USER' } });
    if (known === null) throw notFound(`app client ${clientId}: not bound to tenant ${tenantId}`);
    if (known.endedAt !== null) return;
    await tx.appClient.updateMany({ where: { tenantId, clientId }, data: { endedAt: new Date() } });
    await audit(tx, ctx, appClientEvent('unbind', tenantId, clientId, { name: known.name }));
  });
  return getTenant(ctx, tenantId);
}
