import { z } from 'zod';
import { conflict } from '../../errors.ts';
import { isUniqueViolation } from '../../store/store-error.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { DomainContext } from '../context.ts';
import { HumanName } from '../human-name.ts';
import { parse } from '../parse.ts';
import { getTenant, openTenant, scopeToChange, type Tenant } from '../tenant/index.ts';
import { appClientEvent } from './app-client-event.ts';
import { AppClientId } from './app-client-id.ts';

const BindAppClient = z.object({ tenantId: z.string(), clientId: AppClientId, name: HumanName('The name') });

/**
 * Accepts an app client of the pool, for one tenant alone: people who sign in through it get that tenant or none. One that
 * was unbound is accepted again; one that is bound stays as it is. Throws BAD_USER_INPUT, NOT_FOUND, CONFLICT (it is a
 * machine's, another tenant's, or one of the configuration's).
 */
export async function bindAppClient(ctx: DomainContext, raw: z.input<typeof BindAppClient>): Promise<Tenant> {
  authorize(ctx, 'bindAppClient');
  const { tenantId: named, clientId, name } = parse(BindAppClient, raw);
  if (ctx.appClients.configured.includes(clientId)) {
    throw conflict('That app client is one of COGNITO_CLIENT_IDS, and serves every tenant.');
  }
  const scope = scopeToChange(ctx, named);
  const { tenantId } = scope;
  try {
    await ctx.database.transaction(scope, async (tx) => {
      await openTenant(tx, ctx, tenantId);
      const known = await tx.appClient.findFirst({ where: { tenantId, clientId } });
      if (known?.kind === 'MACHINE') throw conflict('That is a machine client.');
      if (known !== null && known.endedAt === null) return;
      if (known === null) await tx.appClient.createMany({ data: [{ tenantId, clientId, name }] });
      else await tx.appClient.updateMany({ where: { tenantId, clientId }, data: { endedAt: null } });
      await audit(tx, ctx, appClientEvent('bind', tenantId, clientId, { name: known?.name ?? name }));
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('That app client is bound to another tenant.');
    throw error;
  }
  return getTenant(ctx, tenantId);
}
