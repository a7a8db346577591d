import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { conflict } from '../../errors.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { type DomainContext, tenantScope } from '../context.ts';
import { lockActiveTenant } from '../lock-tenant.ts';
import { assertStillMember } from '../membership/index.ts';
import { parse } from '../parse.ts';
import { domainEvent } from './domain-event.ts';
import { EmailDomain } from './email-domain.ts';
import { getTenantDomain } from './get-tenant-domain.ts';
import type { TenantDomain } from './tenant-domain.ts';

const AddTenantDomain = z.object({ domain: EmailDomain });

const MAX_DOMAINS = 50;

/**
 * Says that an e-mail domain is the tenant's. Until that is shown (verifyTenantDomain) it gives nothing; one that is there
 * already is answered as it is. Throws BAD_USER_INPUT, CONFLICT (too many), FORBIDDEN, TENANT_SUSPENDED.
 */
export async function addTenantDomain(ctx: DomainContext, raw: z.input<typeof AddTenantDomain>): Promise<TenantDomain> {
  authorize(ctx, 'addTenantDomain');
  const { domain } = parse(AddTenantDomain, raw);
  const scope = tenantScope(ctx);
  const { tenantId } = scope;
  const id = await ctx.database.transaction(scope, async (tx) => {
    await lockActiveTenant(tx, tenantId, 'update');
    await assertStillMember(tx, ctx, tenantId);
    const known = await tx.tenantDomain.findFirst({ where: { tenantId, domain } });
    if (known !== null) return known.id;
    const count = await tx.tenantDomain.count({ where: { tenantId } });
    if (count >= MAX_DOMAINS) throw conflict(`A tenant may have ${MAX_DOMAINS} domains. Remove one first.`);
    const added = { id: uuidv7(), tenantId, domain, challenge: randomBytes(32).toString('base64url') };
    await tx.tenantDomain.createMany({ data: [added] });
    await audit(tx, ctx, domainEvent('domain.add', added));
    return added.id;
  });
  return getTenantDomain(ctx, id);
}
